"""Le sommaire d'un dossier : où il en est, ce qui manque, ce que l'on peut faire maintenant."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_GET

from comptes.models import Role
from decisions.reste import A_ACCORDER
from dossiers import gestes, histoire, rencontres
from dossiers.acces import Droits
from dossiers.actes.lectures import consigner_lecture
from dossiers.etats import Etat, Voie
from dossiers.models import Demande, Dossier
from dossiers.pages import contexte, entrer
from espaces import antecedents, dossiers_reunis
from espaces import sommaire as contenu
from formulaires.lecture import FormulairesRecus, se_comparent
from formulaires.reperes import manques
from journal.models import Entree
from socle import horloge
from socle.composants import Lien

DERNIERS = 5


def _lien(texte: str, nom: str, dossier: Dossier, *suite: str) -> Lien | None:
    try:
        return Lien(texte, reverse(nom, args=[dossier.reference, *suite]))
    except NoReverseMatch:
        return None


def principal(dossier: Dossier, demande: Demande, droits: Droits, recus: FormulairesRecus) -> Lien | None:
    """Le geste que l'état appelle, le seul bouton plein de la page."""
    if droits.peut("dossier.traiter"):
        return _principal_de_l_agent(dossier, demande, recus)
    if droits.personne.role in (Role.MEDECIN_CSEMS, Role.SPECIALISTE_CSEMS):
        if droits.peut("avis.lire"):
            return _lien("Ouvrir l'évaluation", "dossier_evaluation", dossier)
        return Lien("Voir les dossiers à prendre", f"{reverse('evaluation')}?file=a-prendre")
    if droits.personne.role in (Role.MEDECIN_DRRA, Role.SPECIALISTE_DRRA):
        return _lien("Ouvrir la révision", "revision_dossier", dossier)
    if droits.peut("dossier.attribuer"):
        return _lien("Attribuer le dossier", "dossier_geste", dossier, "attribuer")
    return None


def _principal_de_l_agent(dossier: Dossier, demande: Demande, recus: FormulairesRecus) -> Lien | None:
    if dossier.a_expliquer:
        return _lien("Expliquer la décision", "dossier_expliquer", dossier)
    if dossier.prochaine_etape == A_ACCORDER:
        return _lien("Accorder le renouvellement", "dossier_temporaire", dossier)
    if demande.etat == Etat.RECUE:
        if recus.complet:
            return _lien("Déclarer complet", "dossier_geste", dossier, "declarer-complet")
        return _lien("Demander un document", "dossier_geste", dossier, "demander")
    if demande.etat == Etat.A_COMPLETER:
        return _lien("Noter une réponse reçue", "dossier_geste", dossier, "repondre-pour")
    if demande.etat == Etat.COMPLETE:
        return _lien("Trier la demande", "dossier_triage", dossier)
    if demande.etat == Etat.EN_ATTENTE_SIGNATURE and demande.voie != Voie.EVALUEE:
        return _lien("Signer la décision", "dossier_signer", dossier)
    return None


def _appels(dossier: Dossier, droits: Droits, recus: FormulairesRecus) -> list[Lien]:
    """La liste d'appels, dès qu'un SR-2105 est au dossier."""
    lien = _lien("Appeler les personnes nommées au SR-2105", "sr2105_liste", dossier)
    montre = lien is not None and recus.sr2105_le is not None and droits.peut("dossier.traiter")
    return [lien] if lien is not None and montre else []


def _suites(dossier: Dossier, demande: Demande, droits: Droits) -> list[Lien]:
    """Une fois la décision dite : l'expliquer, même de nouveau, et les mois vers le revenu de base."""
    if demande.decision_emise_le is None or not droits.peut("dossier.traiter"):
        return []
    liens = (
        _lien("Expliquer la décision", "dossier_expliquer", dossier),
        _lien("Compter les mois vers le revenu de base", "revenu_de_base", dossier),
    )
    return [lien for lien in liens if lien is not None]


def _a_chercher(dossier: Dossier, droits: Droits, recus: FormulairesRecus) -> dict[str, Any]:
    """Ce que l'évaluateur pourrait chercher encore dans le rapport, et où le demander."""
    demander = _lien("", "dossier_geste", dossier, "demander") if droits.peut("renseignement.demander") else None
    trouves = manques(recus.rapport, horloge.aujourd_hui())
    return {"manques": trouves, "url_demander": demander.url if demander else ""}


def _se_comparent(dossier: Dossier, droits: Droits, recus: FormulairesRecus) -> bool:
    """Vrai si la demande en cours a un rapport, et la personne un autre à lui comparer."""
    if recus.rapport is None or recus.nombre_rapports < 2 or not droits.peut("sr2100.lire"):
        return False
    return droits.personne.est_personnel or se_comparent(dossier, droits.personne)


@require_GET
def sommaire(request: HttpRequest, reference: str) -> HttpResponse:
    """Sommaire d'un dossier, selon les droits de la personne."""
    dossier, droits = entrer(request, reference, "sommaire.lire", consigner=False)
    # Les demandes passées se lisent avec la courante, avant la ligne de consultation qui la nomme.
    avant = antecedents.demandes(dossier) if droits.peut("dossier.traiter") else []
    ouverte = next((une for une in avant if une.ouverte_le is not None), None)
    if ouverte is not None:
        dossier.retenir_courante(ouverte)
    consigner_lecture(droits.personne, dossier, "sommaire")
    garde = dossiers_reunis.garde_pour(dossier, droits.personne)
    if garde is not None:
        return redirect("dossier_sommaire", garde.reference)
    demande = dossier.courante_lue
    donnees: dict[str, Any] = contexte(request, dossier, droits, "dossier_sommaire")
    donnees |= {
        "demande": demande,
        "equipe": contenu.equipe(dossier),
        "reperes": contenu.reperes(dossier, demande, droits),
        "echeances": contenu.echeances(dossier),
        "reunis": dossiers_reunis.liens(dossier, droits),
    }
    if droits.peut("historique.lire"):
        lues = histoire.lignes(dossier, (Entree.Nature.ACTE,)).order_by("-instant", "-pk")[:DERNIERS]
        public = not droits.personne.est_personnel
        donnees["evenements"] = [histoire.evenement(une, droits.personne.pk, public=public) for une in lues]
    if demande is not None:
        recus = FormulairesRecus.charger(demande)
        taches = contenu.taches(dossier, demande, droits, recus)
        geste = principal(dossier, demande, droits, recus)
        autres = [*gestes.offerts(dossier, droits, "sommaire"), *_appels(dossier, droits, recus)]
        autres += _suites(dossier, demande, droits)
        donnees |= {
            "taches": taches,
            "faites": sum(tache.statut == "termine" for tache in taches),
            "principal": geste,
            "gestes": [un for un in autres if geste is None or un.url != geste.url],
        }
        if droits.peut("rencontre.proposer"):
            donnees |= {"rencontre": rencontres.a_montrer(dossier), "consignes": contenu.consignes(dossier)}
        if droits.peut("dossier.traiter"):
            donnees["antecedents"] = antecedents.lire(avant, demande)
        if droits.peut("dossier.traiter") and droits.peut("sr2100.lire"):
            donnees |= _a_chercher(dossier, droits, recus)
        if _se_comparent(dossier, droits, recus):
            donnees["url_comparer"] = reverse("sr2100_comparer", args=[dossier.reference])
    return render(request, "espaces/agent_sommaire.html", donnees)
