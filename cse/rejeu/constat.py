"""Ce qui est sorti d'un cas, sous les clés d'`attendu`, et ce qui diffère."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from correspondance.models import Envoi, Lettre
from cse.rejeu.distribution import Distribution
from decisions.lecture import retours_lisibles
from decisions.models import Decision
from dossiers import acces
from dossiers.models import Demande, Echeance
from formulaires import lecture as formulaires
from formulaires.models import RapportMedical
from revision import lecture as revision

ISSUES_NOMMEES = ("reconnue", "refus", "acceptée", "contrainte", "révision", "temporaire")
OUI_NON = {True: "oui", False: "non"}


def simple(valeur: Any) -> Any:
    """Valeur sans type particulier : dates en ISO, objets et listes parcourus."""
    if isinstance(valeur, datetime | date):
        return valeur.isoformat()[:10]
    if isinstance(valeur, Mapping):
        return {str(cle): simple(contenu) for cle, contenu in valeur.items()}
    if isinstance(valeur, list | tuple):
        return [simple(element) for element in valeur]
    return valeur


def _decision(demande: Demande) -> dict[str, Any] | None:
    decision = Decision.objects.filter(demande=demande, scellee_le__isnull=False).order_by("pk").first()
    if decision is None:
        return None
    return {
        "issue": decision.issue,
        "motifs": decision.motifs,
        "ce_qui_changerait": decision.ce_qui_changerait,
        "date_effet": decision.date_effet,
        "justification_date": decision.justification_date or None,
        "reexamen_le": decision.reexamen_le,
        "contrainte_temporaire_mois": decision.contrainte_temporaire_mois,
    }


def _revision(demande: Demande) -> dict[str, Any] | None:
    derniere = revision.derniere_revision(demande)
    if derniere is None:
        return None
    recevable = None if derniere.recevable is None else OUI_NON[derniere.recevable]
    issue = derniere.issue if derniere.rendue_le and derniere.issue else None
    return {"recevable": recevable, "issue": issue, "cause": derniere.cause or None, "date_effet": derniere.date_effet}


def _echeances(joue: Distribution, demande: Demande) -> dict[str, Any]:
    lignes = Echeance.objects.filter(dossier=joue.dossier).filter(demande=demande) | Echeance.objects.filter(
        dossier=joue.dossier, demande__isnull=True
    )
    return {ligne.code: ligne.date for ligne in lignes.order_by("date", "code")}


def _lettres(joue: Distribution) -> list[str]:
    emises = list(Lettre.objects.filter(dossier=joue.dossier, emise_le__isnull=False, annulee_le__isnull=True))
    emises.sort(key=lambda une: (une.emise_le, une.copie_de_id or une.pk, une.copie_de_id is not None, une.pk))
    return [f"{une.modele} -> {joue.cles[une.destinataire_id]}" for une in emises]


def _retours(demande: Demande) -> list[dict[str, Any]]:
    return [{"issue": un.issue, "elements_manquants": un.elements} for un in retours_lisibles(demande)]


def _signaux_sans_donnees(joue: Distribution) -> bool:
    """Au moins un signal, et aucun ne contient nom, NAM, diagnostic ou issue."""
    signaux = Envoi.objects.filter(lettre__dossier=joue.dossier, canal__in=("courriel", "texto")).values_list(
        "corps", flat=True
    )
    interdits = [joue.nam, joue.dossier.prestataire.nom, joue.dossier.prestataire.prenom, *ISSUES_NOMMEES]
    for rapport in RapportMedical.objects.filter(demande__dossier=joue.dossier):
        interdits += [str(d.get("libelle", "")) for d in rapport.contenu.get("diagnostics", [])]
    presents = [mot.casefold() for mot in interdits if mot]
    return bool(signaux) and not any(mot in corps.casefold() for corps in signaux for mot in presents)


def _comparaison(demande: Demande) -> dict[str, Any] | None:
    comparaison = formulaires.comparaison(demande)
    if comparaison is None:
        return None
    return {"identique": comparaison.identique, "differe": comparaison.differe}


def _avertissements(demande: Demande) -> list[str]:
    derniere = revision.derniere_revision(demande)
    tardive = ["hors_delai"] if derniere is not None and revision.hors_delai(derniere) else []
    return [*formulaires.avertissements(demande), *tardive]


def obtenu(joue: Distribution) -> dict[str, Any]:
    """Toutes les clés d'`attendu`, telles que le dossier les montre à la fin."""
    comptes = list(joue.comptes.values())
    voient = {compte.pk for compte in acces.personnes_qui_voient(joue.dossier, comptes)}
    demande = joue.dossier.courante
    commun = {
        "lettres": _lettres(joue),
        "signaux_sans_donnees": _signaux_sans_donnees(joue),
        "visible_par": [cle for cle, compte in joue.comptes.items() if compte.pk in voient],
        "invisible_pour": [cle for cle, compte in joue.comptes.items() if compte.pk not in voient],
    }
    if demande is None:
        vides = dict.fromkeys(("etat", "statut_public", "voie", "decision", "revision", "comparaison_rapports"))
        return {**vides, "echeances": {}, "retours_clinicien": [], "avertissements": [], **commun}
    propre = {
        "etat": str(demande.etat),
        "statut_public": demande.statut_public,
        "voie": demande.voie or None,
        "decision": _decision(demande),
        "revision": _revision(demande),
        "echeances": _echeances(joue, demande),
        "retours_clinicien": _retours(demande),
        "avertissements": _avertissements(demande),
        "comparaison_rapports": _comparaison(demande),
    }
    return {cle: simple(valeur) for cle, valeur in {**propre, **commun}.items()}


def _egaux(attendu: Any, recu: Any) -> bool:
    """Objets comparés sur les clés présentes; listes exactes et ordonnées."""
    if isinstance(attendu, Mapping):
        return isinstance(recu, Mapping) and all(_egaux(valeur, recu.get(cle)) for cle, valeur in attendu.items())
    if isinstance(attendu, list):
        if not isinstance(recu, list) or len(attendu) != len(recu):
            return False
        return all(_egaux(un, autre) for un, autre in zip(attendu, recu, strict=True))
    return bool(attendu == recu)


def ecarts(attendu: Mapping[str, Any], recu: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Clés présentes dans `attendu` dont la valeur obtenue diffère."""
    return [
        {"cle": cle, "attendu": simple(valeur), "obtenu": recu.get(cle)}
        for cle, valeur in attendu.items()
        if not _egaux(simple(valeur), recu.get(cle))
    ]
