"""Les voies de l'agent : trier, accorder, signer, expliquer. Source : `ecrans-et-lettres.md` B1.4 et B1.8."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from comptes.reauth import reauthentification_exigee
from correspondance.regles import depart_en_mots
from decisions import annexes, effet, forms, pieces, temporaires, triage
from decisions import connaissance as lus
from decisions.apercu import lettre_a_blanc
from decisions.forms import FormulaireDemande
from decisions.forms_motifs import FormulaireMotive
from dossiers.acces import Droits
from dossiers.actes.lectures import consigner_lecture
from dossiers.etats import Etat, Voie
from dossiers.forms import FormulaireGeste, SansChamp
from dossiers.models import Demande, Dossier
from dossiers.pages import ACCES, contexte, entrer, lecture_due, soumettre
from dossiers.views.gestes import CONFIRME, reprises
from formulaires.lecture import dernier_rapport, rapports_a_comparer
from formulaires.reperes import manques
from socle import horloge, score_lecture
from socle.pages import poser_refus
from socle.refus import Refus

GET_POST = ("GET", "POST")
GESTES_DE_TRIAGE = {
    "reconnaitre": ("reconnaitre_evident", "La reconnaissance est préparée. Il reste à la signer."),
    "reconduire": ("reconduire_refus", "La reconduction est préparée. Il reste à la signer."),
    "transmettre": ("transmettre_csems", "Le dossier est au centre d'évaluation."),
}


def de_l_agent(request: HttpRequest, reference: str, *, consigner: bool = True) -> tuple[Dossier, Droits, Demande]:
    """Le dossier, les droits et la demande courante, pour qui peut le traiter; 404 pour les autres."""
    dossier, droits = entrer(request, reference, consigner=consigner)
    demande = dossier.courante_lue
    if demande is None or not droits.peut("dossier.traiter"):
        raise Http404
    return dossier, droits, demande


def _formulaires(
    request: HttpRequest, dossier: Dossier, droits: Droits, demande: Demande
) -> dict[str, FormulaireGeste]:
    """Les trois gestes du triage; seul celui qui est envoyé est lié."""
    geste = request.POST.get("geste", "")

    def donnees(nom: str) -> Any:
        return request.POST if geste == nom else None

    personne = droits.personne
    return {
        "reconnaitre": forms.FormulaireReconnaitre(
            donnees("reconnaitre"), dossier=dossier, personne=personne, demande=demande, prefix="reconnaitre"
        ),
        "reconduire": SansChamp(donnees("reconduire"), dossier=dossier, personne=personne, prefix="reconduire"),
        "transmettre": SansChamp(donnees("transmettre"), dossier=dossier, personne=personne, prefix="transmettre"),
    }


@require_http_methods(GET_POST)
def trier(request: HttpRequest, reference: str) -> HttpResponse:
    """Le résultat de la règle en mots, le comparateur, et les gestes que l'agent peut choisir."""
    dossier, droits, demande = de_l_agent(request, reference)
    formulaires = _formulaires(request, dossier, droits, demande)
    geste = request.POST.get("geste", "")
    envoye = formulaires.get(geste)
    if envoye is not None and envoye.is_valid():
        acte, succes = GESTES_DE_TRIAGE[geste]
        fait, _ = soumettre(request, envoye, acte, dossier, **envoye.donnees())
        if fait:
            messages.success(request, succes)
            if geste == "transmettre":
                return redirect("dossier_sommaire", dossier.reference)
            return redirect("dossier_signer", dossier.reference)
    rapports = rapports_a_comparer(demande)
    resultat = triage.resultat(demande, rapports)
    donnees = contexte(request, dossier, droits) | {
        "demande": demande,
        "possible": demande.etat == Etat.COMPLETE,
        "resultat": resultat,
        "rapports": rapports,
        "differences": triage.comparer(demande, rapports),
        "form": envoye,
        "formulaires": formulaires,
        "manques": manques(rapports.nouveau, horloge.aujourd_hui()) if droits.peut("sr2100.lire") else [],
        **_suite_temporaire(dossier, demande),
    }
    return render(request, "decisions/triage.html", donnees)


def _suite_temporaire(dossier: Dossier, demande: Demande) -> dict[str, Any]:
    """Ce que cette demande suit : la contrainte temporaire à prolonger, et combien s'en suivent déjà."""
    if demande.rang == 1:
        return {}
    return {"renouvelle": temporaires.qu_ouvre(demande), "de_suite": temporaires.a_evaluer(dossier, demande)}


def _essayer(form: FormulaireGeste, acte: str, dossier: Dossier, **donnees: Any) -> Any:
    """La lettre à blanc, ou None si l'acte serait refusé; le refus est posé près de son champ."""
    try:
        return lettre_a_blanc(acte, form.personne, dossier, **donnees)
    except Refus as refus:
        if refus.code in ACCES:
            raise Http404 from refus
        poser_refus(form, refus)
        return None


def _connaissance(request: HttpRequest, droits: Droits, demande: Demande, *, signe: bool) -> lus.Connaissance:
    """Ce que la lettre dira avoir lu et que l'agent n'a pas ouvert; un document sans page à lui n'a pas de lien."""
    reference = demande.dossier.reference
    dernier = dernier_rapport(demande) if droits.peut("sr2100.lire") else None

    def ou_lire(une: pieces.Lue) -> str:
        if dernier is not None and une.cle == f"sr2100-{dernier.pk}":
            return reverse("sr2100_rapport", args=[reference])
        if une.quoi == "contribution" and droits.peut("contribution.lire"):
            return reverse("contributions", args=[reference])
        return reverse("dossier_pieces", args=[reference]) if une.cle.startswith("piece-") else ""

    return lus.lire(request, droits.personne, demande, ou_lire, signe=signe)


def _signer(
    request: HttpRequest, dossier: Dossier, droits: Droits, form: FormulaireDemande, acte: str, quoi: dict[str, Any]
) -> HttpResponse:
    """Formulaire, puis page d'arrêt avec la lettre et ce qu'elle dit avoir lu, puis signature."""
    page = contexte(request, dossier, droits) | {"form": form, "champs": champs_montres(form), **quoi}
    if request.method == "POST" and form.is_valid():
        signe = CONFIRME in request.POST
        connaissance = _connaissance(request, droits, form.demande, signe=signe)
        if signe and connaissance.est_acquise():
            donnees = {**form.donnees(), "attestes": connaissance.attestes()}
            fait, _ = soumettre(request, form, acte, dossier, **donnees)
            if fait:
                depart = depart_en_mots(dossier.prestataire.canal_prefere)
                messages.success(request, f"La décision est signée. La lettre {depart}.")
                return redirect("dossier_sommaire", dossier.reference)
        else:
            lettre = _essayer(form, acte, dossier, **form.donnees())
            if lettre is not None:
                reportes = [(nom, valeur) for nom, valeur in reprises(request) if nom not in lus.CHAMPS]
                arret = page | connaissance.contexte() | {"lettre": lettre, "reprises": reportes}
                arret["en_verification"] = annexes.en_verification(form.demande, str(getattr(form, "issue", "")))
                arret["mesures"] = score_lecture.mesures(" ".join(form.donnees().get("phrases_motifs", {}).values()))
                return render(request, "decisions/arret.html", arret)
    return render(request, "decisions/signer.html", page)


def champs_montres(form: FormulaireDemande) -> list[Any]:
    """Les champs à montrer, dans l'ordre; la phrase d'un motif seulement s'il est coché."""
    return form.champs_montres() if isinstance(form, FormulaireMotive) else list(form.visible_fields())


def _consigner(request: HttpRequest, dossier: Dossier, droits: Droits) -> None:
    """La ligne de lecture, une fois l'identité confirmée : la page de confirmation ne montre rien du dossier."""
    if due := lecture_due(request, "sommaire.lire"):
        consigner_lecture(droits.personne, dossier, due)


@require_http_methods(GET_POST)
def temporaire(request: HttpRequest, reference: str) -> HttpResponse:
    """Accorder une contrainte temporaire : l'agent signe par cet acte."""
    return _temporaire(request, *de_l_agent(request, reference, consigner=False))


@reauthentification_exigee
def _temporaire(request: HttpRequest, dossier: Dossier, droits: Droits, demande: Demande) -> HttpResponse:
    _consigner(request, dossier, droits)
    envoi = request.POST if request.method == "POST" else None
    form = forms.FormulaireTemporaire(envoi, dossier=dossier, personne=droits.personne, demande=demande)
    renouvelle = temporaires.qu_ouvre(demande)
    quoi = {
        "titre": "Renouveler la contrainte temporaire" if renouvelle else "Accorder une contrainte temporaire",
        "possible": demande.etat == Etat.COMPLETE or (renouvelle is not None and demande.etat == Etat.RECUE),
        "arret": "Renouveler cette contrainte temporaire?" if renouvelle else "Accorder cette contrainte temporaire?",
        "renouvelle": renouvelle,
    }
    acte = "accorder_renouvellement" if renouvelle is not None else "accorder_temporaire"
    return _signer(request, dossier, droits, form, acte, quoi)


@require_http_methods(GET_POST)
def signer(request: HttpRequest, reference: str) -> HttpResponse:
    """Signer une reconnaissance évidente ou un refus reconduit, préparés par l'agent."""
    dossier, droits, demande = de_l_agent(request, reference, consigner=False)
    if not droits.peut("decision.signer"):
        raise Http404
    return _signer_preparee(request, dossier, droits, demande)


@reauthentification_exigee
def _signer_preparee(request: HttpRequest, dossier: Dossier, droits: Droits, demande: Demande) -> HttpResponse:
    _consigner(request, dossier, droits)
    modele = forms.PAR_VOIE.get(demande.voie)
    if modele is None or demande.etat != Etat.EN_ATTENTE_SIGNATURE:
        messages.info(request, "Aucune décision n'attend votre signature dans ce dossier.")
        return redirect("dossier_sommaire", dossier.reference)
    envoi = request.POST if request.method == "POST" else None
    form = modele(envoi, dossier=dossier, personne=droits.personne, demande=demande)
    refus = demande.voie == Voie.RECONDUITE
    quoi = {
        "titre": "Signer la reconduction du refus" if refus else "Signer la reconnaissance",
        "possible": True,
        "refus": refus,
        "calcul": None if refus else effet.proposition(demande, horloge.aujourd_hui()),
        "arret": "Vous allez signer un refus" if refus else "Vous allez signer une reconnaissance",
    }
    return _signer(request, dossier, droits, form, "signer_decision", quoi)
