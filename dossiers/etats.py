"""États d'une demande, statuts publics, et à qui est la balle. Source : `conception.md` §3."""

from __future__ import annotations

from django.db import models


class Etat(models.TextChoices):
    """État d'une demande; le brouillon n'en fait pas partie."""

    RECUE = "recue", "Reçue"
    A_COMPLETER = "a_completer", "À compléter"
    COMPLETE = "complete", "Complète"
    TRANSMISE_CSEMS = "transmise_csems", "Transmise au CSEMS"
    EN_EVALUATION = "en_evaluation", "En évaluation"
    EN_CONCERTATION = "en_concertation", "En concertation"
    EN_ATTENTE_SIGNATURE = "en_attente_signature", "En attente de signature"
    RECONNUES = "contraintes_reconnues", "Contraintes reconnues"
    NON_RECONNUES = "contraintes_non_reconnues", "Contraintes non reconnues"
    TEMPORAIRE = "contrainte_temporaire_accordee", "Contrainte temporaire accordée"
    EN_REVISION = "en_revision", "En révision"
    REVISION_RENDUE = "decision_revision_rendue", "Décision rendue en révision"
    DEVANT_TAQ = "devant_taq", "Devant le Tribunal"
    JUGEMENT_TAQ = "jugement_taq_rendu", "Jugement rendu"
    FERMEE = "fermee", "Fermée"


AVANT_TRANSMISSION = (Etat.RECUE, Etat.COMPLETE)
CHEZ_CSEMS = (Etat.TRANSMISE_CSEMS, Etat.EN_EVALUATION, Etat.EN_CONCERTATION, Etat.EN_ATTENTE_SIGNATURE)
SUSPENDABLES = (*AVANT_TRANSMISSION, Etat.TRANSMISE_CSEMS, Etat.EN_EVALUATION, Etat.EN_CONCERTATION)
AVANT_DECISION = (*SUSPENDABLES, Etat.A_COMPLETER, Etat.EN_ATTENTE_SIGNATURE)
DECIDES = (Etat.RECONNUES, Etat.NON_RECONNUES, Etat.TEMPORAIRE)
EN_RECOURS = (Etat.EN_REVISION, Etat.DEVANT_TAQ)
APRES_RECOURS = (Etat.REVISION_RENDUE, Etat.JUGEMENT_TAQ)
APRES_DECISION = (*DECIDES, *EN_RECOURS, *APRES_RECOURS)

STATUT_PUBLIC: dict[str, str] = {
    Etat.RECUE: "Reçue",
    Etat.A_COMPLETER: "Nous attendons un document",
    Etat.COMPLETE: "À l'étude",
    Etat.TRANSMISE_CSEMS: "À l'étude",
    Etat.EN_EVALUATION: "À l'étude",
    Etat.EN_CONCERTATION: "À l'étude",
    Etat.EN_ATTENTE_SIGNATURE: "À l'étude",
    Etat.RECONNUES: "Décision rendue",
    Etat.NON_RECONNUES: "Décision rendue",
    Etat.TEMPORAIRE: "Décision rendue",
    Etat.EN_REVISION: "En révision",
    Etat.REVISION_RENDUE: "Décision rendue en révision",
    Etat.DEVANT_TAQ: "Devant le Tribunal",
    Etat.JUGEMENT_TAQ: "Jugement rendu",
    Etat.FERMEE: "Fermée",
}


class Voie(models.TextChoices):
    """Voie de traitement, posée par l'acte de triage."""

    EVIDENTE = "evidente", "Évidente"
    EVALUEE = "evaluee", "Évaluée"
    TEMPORAIRE = "temporaire", "Temporaire"
    RECONDUITE = "reconduite", "Reconduite"


class Balle(models.TextChoices):
    """À qui est la balle : qui doit agir pour que le dossier avance."""

    AGENT = "agent", "L'agent"
    PERSONNE = "personne", "La personne"
    CLINICIEN = "clinicien", "Le professionnel de la santé"
    RESSOURCE = "ressource", "La personne-ressource"
    CSEMS = "csems", "Le centre d'évaluation"
    SIGNATAIRES = "signataires", "Les signataires"
    DRRA = "drra", "L'équipe de révision"
    TAQ = "taq", "Le Tribunal"
    AUCUN = "aucun", "Personne"
