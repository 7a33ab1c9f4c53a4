"""Contenus représentatifs des lettres : toutes les issues, noms longs, six éléments, deux langues."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

from decisions.complements import orientation_figee
from decisions.lettres import _motif_fige
from dossiers.lettres import elements_en_clair
from referentiels import lecture as referentiels

JOUR = dt.date(2026, 3, 2)
NOM_LONG = "Marie-Antoinette-Éléonore Bissonnette-Charbonneau de la Chevrotière"
SIX = (
    "duree_limitations",
    "limitations_fonctionnelles",
    "traitements_essayes",
    "effet_cumulatif_explique",
    "parcours_travail",
    "evaluation_complementaire",
)


def elements(*codes: str) -> list[dict[str, str]]:
    return elements_en_clair(codes or SIX, JOUR)


def question(code: str, reponse: str, *, raisons: tuple[str, ...] = (), autre: str = "") -> dict[str, Any]:
    voix = (reponse, autre or reponse)
    avis = [{"metier": m, "tiers": False, "reponse": r} for m, r in zip(("medecin", "specialiste"), voix, strict=True)]
    return {"question": code, "reponse": reponse, "avis": avis, "raisons": list(raisons)}


def decision(issue: str = "non_reconnue", **champs: Any) -> dict[str, Any]:
    motifs = champs.pop("motifs", ("duree_non_etablie",))
    return {
        "issue": issue,
        "voie": "evaluee",
        "demande_du": "2026-01-12",
        "motifs": [_motif_fige(referentiels.motif(code, JOUR)) for code in motifs],
        "ce_qui_changerait": elements(),
        "questions": [
            question("atteinte", "oui"),
            question("duree", "inconnu"),
            question("socioprofessionnel", "non", raisons=("Métier exercé treize ans. <b>Léger</b>.",)),
        ],
        "pieces_lues": [
            {"titre": "Rapport médical (SR-2100)", "titre_en": "Medical report (SR-2100)", "auteur": NOM_LONG,
             "de_la_personne": False, "date": "2026-01-20"},
            {"titre": "Vos renseignements (SR-2105)", "titre_en": "Your information (SR-2105)", "auteur": "X",
             "de_la_personne": True, "date": "2026-01-22"},
        ],
        "date_effet": "2026-01-12" if issue == "reconnue" else "",
        "justification_date": "date de la demande" if issue == "reconnue" else "",
        "reexamen_le": "2027-03-02" if issue == "reconnue" else "",
        "contrainte_temporaire_mois": None,
        "diagnostic_evident": "",
        "signataires": [{"nom": NOM_LONG, "metier": "medecin"}, {"nom": "Léo Fictif", "metier": "specialiste"}],
        "appel_le": "",
        "precedente": {},
        **champs,
    }  # fmt: skip


def revision(issue: str, premiere: dict[str, Any], **champs: Any) -> dict[str, Any]:
    change = issue in ("modifiee", "infirmee")
    return {
        "issue": issue,
        "recevable": True,
        "justification": "",
        "recue_le": "2026-02-02",
        "ce_qui_differe": "L'effet sur un travail à temps plein n'avait pas été pesé." if change else "",
        "cause": "erreur_appreciation" if change else "",
        "cause_libelle": "",
        "date_effet": "2026-01-12" if change else "",
        "entrevues": [{"le": "2026-02-20", "mode": "téléphone"}],
        "observations": ["2026-02-22"],
        "signataires": premiere["signataires"],
        "decision": premiere,
        "decision_emise_le": "2026-01-25",
        **champs,
    }


def orientation() -> list[dict[str, str]]:
    """Tout le registre des autres aides, figé comme à la signature."""
    return orientation_figee([un.code for un in referentiels.programmes_aide(JOUR)], JOUR)


def complet(premiere: dict[str, Any]) -> dict[str, Any]:
    """Le même contenu, avec tout ce qui est facultatif : phrase du motif, autres aides, âge, rapport d'examen."""
    motifs = [{**motif, "phrase": "Nous avons lu cela dans vos documents."} for motif in premiere["motifs"]]
    examen = {"piece": 1, "titre": "Examen du 4 mai", "auteur": NOM_LONG, "date": "2026-02-20",
              "texte": "La personne reste debout dix minutes.\n<b>Rien d'autre</b>.", "sha256": "a" * 64}  # fmt: skip
    age = {"pese": True, "phrases": ["Changer de métier est plus long à votre âge."]}
    return {**premiere, "motifs": motifs, "orientation": orientation(), "age": age, "annexes": [examen]}


def conclusions(**reponses: str) -> list[dict[str, Any]]:
    """Les réponses des réviseurs, chacune avec sa raison."""
    raisons = {"duree": ["La note du médecin écrit une durée de deux ans. <b>Stable</b>."]}
    return [{"question": q, "reponse": r, "raisons": raisons.get(q, [])} for q, r in reponses.items()]


def tous() -> dict[str, tuple[str, dict[str, Any]]]:
    """Un cas nommé : (modèle, contenu figé)."""
    refus, reconnue = decision(), decision("reconnue", motifs=("effet_cumulatif",))
    temporaire = decision("temporaire", motifs=(), questions=[], contrainte_temporaire_mois=1)
    accuse = {"recue_le": "2026-02-02", "type": "initiale", "rang": 1, "en_attente_de_revision": False}
    demande = {"elements": elements(), "demande_le": "2026-02-10", "prestataire": NOM_LONG}
    mandat = {
        "intervenant": NOM_LONG, "organisme": "Maison fictive", "prestataire": "Alizée Exemple",
        "du": "2026-02-02", "jusqu_au": "2028-02-02", "transmis_de": "",
        "peut": [{"libelle": "Répondre aux questions", "libelle_en": "Answer questions"}],
        "ne_peut_pas": [{"libelle": "Voir le rapport médical", "libelle_en": "See the medical report"}],
    }  # fmt: skip
    fermeture = {"fermee_le": "2026-03-01", "demande_du": "2026-01-12", "prestataire": NOM_LONG}
    accuse_revision = {
        "recue_le": "2026-02-02", "recours_direct": "2026-05-04", "rendre_le": "2026-03-04", "renvoi_du_taq": False,
    }  # fmt: skip
    return {
        "accuse": ("accuse_reception", {**accuse, "delai_habituel": []}),
        "accuse_delai": (
            "accuse_reception",
            {**accuse, "delai_habituel": [40, 75], "en_attente_de_revision": True, "rang": 2},
        ),
        "renseignement_personne": (
            "demande_renseignement",
            {**demande, "a_la_clinique": False, "nom_clinique": "", "a_personne_ressource": False},
        ),
        "renseignement_clinique": (
            "demande_renseignement",
            {**demande, "a_la_clinique": True, "nom_clinique": NOM_LONG, "a_personne_ressource": False},
        ),
        "renseignement_ressource": (
            "demande_renseignement",
            {**demande, "a_la_clinique": False, "nom_clinique": "", "a_personne_ressource": True},
        ),
        "code_suivi": ("code_suivi", {"code": "7K2M-9010-1VXQ", "expire_le": "2026-07-31"}),
        "code": ("code_clinique", {"code": "7K2M9-0101V", "expire_le": "2026-05-31"}),
        "occasion": ("occasion", {"elements": elements(), "offerte_le": "2026-02-10", "jusqu_au": "2026-03-30"}),
        "acceptation": ("acceptation", reconnue),
        "acceptation_evidente": ("acceptation", {**reconnue, "questions": [], "motifs": []}),
        "refus": ("refus", refus),
        "refus_complet": ("refus", complet(refus)),
        "reconduit_complet": (
            "refus_reconduit",
            complet(decision(motifs=("situation_inchangee",), questions=[], appel_le="2026-02-27", precedente=refus)),
        ),
        "refus_temporaire": ("refus", {**refus, "contrainte_temporaire_mois": 6}),
        "refus_partage": ("refus", {**refus, "questions": [question("atteinte", "inconnu", autre="non")]}),
        "refus_reconduit": (
            "refus_reconduit",
            decision(motifs=("situation_inchangee",), questions=[], ce_qui_changerait=[], appel_le="2026-02-27",
                     precedente=refus),
        ),
        "temporaire": ("contrainte_temporaire", temporaire),
        "temporaire_oriente": ("contrainte_temporaire", {**temporaire, "orientation": orientation()}),
        "mandat": ("mandat_confirme", mandat),
        "mandat_personne": ("mandat_confirme", {**mandat, "prestataire": NOM_LONG}),
        "accuse_revision": ("accuse_revision", {**accuse_revision, "hors_delai": False}),
        "accuse_revision_tardif": ("accuse_revision", {**accuse_revision, "hors_delai": True}),
        "confirmee": ("decision_confirmee", revision("confirmee", refus)),
        "confirmee_complete": ("decision_confirmee", revision("confirmee", complet(refus))),
        "confirmee_reconnue": ("decision_confirmee", revision("confirmee", reconnue)),
        "confirmee_temporaire": ("decision_confirmee", revision("confirmee", temporaire)),
        "modifiee": ("decision_modifiee", revision("modifiee", reconnue)),
        "infirmee": ("decision_infirmee", revision("infirmee", refus)),
        "infirmee_temporaire": ("decision_infirmee", revision("infirmee", temporaire)),
        "confirmee_analysee": (
            "decision_confirmee",
            revision("confirmee", refus, motifs_de_la_personne="La durée est <i>écrite</i>.",
                     questions=conclusions(atteinte="oui", duree="oui", socioprofessionnel="non")),
        ),
        "confirmee_reconduite": (
            "decision_confirmee",
            revision("confirmee", decision(motifs=("situation_inchangee",), questions=[], precedente=refus),
                     questions=conclusions(atteinte="oui", duree="inconnu", socioprofessionnel="non")),
        ),
        "modifiee_analysee": (
            "decision_modifiee",
            revision("modifiee", reconnue, entrevues=[], observations=[],
                     questions=conclusions(atteinte="oui", duree="oui", socioprofessionnel="oui")),
        ),
        "infirmee_analysee": (
            "decision_infirmee",
            revision("infirmee", refus, motifs_de_la_personne="Mon état ne change pas depuis trois ans.",
                     questions=conclusions(atteinte="oui", duree="oui", socioprofessionnel="oui")),
        ),
        "infirmee_evidente": (
            "decision_infirmee",
            revision("infirmee", decision("reconnue", motifs=(), questions=[]),
                     questions=conclusions(atteinte="oui", duree="inconnu", socioprofessionnel="non")),
        ),
        "irrecevable": (
            "revision_irrecevable",
            revision("", refus, recevable=False, justification="Aucune impossibilité d'agir."),
        ),
        "recours_direct": (
            "avis_recours_direct",
            {"recue_le": "2026-02-02", "dernier_jour": "2026-05-04", "calcul": ""},
        ),
        "silence": ("avis_inactivite", {"demande_du": "2026-01-12", "mois": 6, "jours": 30}),
        "deces": ("fermeture", {**fermeture, "motif": "deces"}),
        "inactivite": ("fermeture", {**fermeture, "motif": "inactivite"}),
        "transfert": ("fermeture", {**fermeture, "motif": "transfert"}),
        "fermeture_libre": ("fermeture", {**fermeture, "motif": "hors_province"}),
    }  # fmt: skip


def lettre(modele: str, contenu: dict[str, Any], langue: str = "fr") -> Any:
    """Une lettre émise, sans base, telle que la lit `composition.contexte`."""
    bureau = SimpleNamespace(nom="Bureau fictif", telephone="1 800 555-0142")
    dossier = SimpleNamespace(bureau=bureau, agent=SimpleNamespace(nom_complet="Octave Modèle"), reference="8F3K-2M7Q")
    return SimpleNamespace(
        modele=modele,
        contenu=contenu,
        langue=langue,
        reference="JWBVN8XN23",
        version_gabarit=1,
        jour_emission=JOUR,
        recue_presumee_le=JOUR + dt.timedelta(days=7),
        recue_prouvee_le=None,
        copie_de=None,
        copie_de_id=None,
        corrige=None,
        dossier=dossier,
        demande=SimpleNamespace(jour_depot=dt.date(2026, 1, 12)),
        destinataire=SimpleNamespace(nom_complet=NOM_LONG, adresse="1234, rue de la Maquette\nVille-Fictive"),
    )
