"""Le refus d'un acte : un code stable, une phrase qui dit comment réparer, un champ.

Source : `cas/LISEZMOI.md`, « Précisions » (les codes et leur ordre).
"""

from __future__ import annotations

MESSAGES: dict[str, str] = {
    "acces_refuse": (
        "Vous n'avez pas accès à ce dossier pour ce geste. Demandez au bureau responsable de vous l'attribuer."
    ),
    "mandat_inactif": ("Votre mandat n'est pas actif. Demandez à la personne de le confirmer ou de le renouveler."),
    "portee_insuffisante": (
        "Votre mandat ne couvre pas ce geste. La personne peut ajouter cette portée à votre mandat."
    ),
    "conflit_interet": (
        "Vous avez déjà pris part à cette décision. Demandez au chef d'équipe d'affecter une autre personne."
    ),
    "deja_signe": "Vous avez déjà signé. Votre signature est au dossier; rien d'autre n'est requis.",
    "consentement_absent": ("Le consentement de la personne manque ou a été retiré. Obtenez-le avant de continuer."),
    "signataire_non_autorise": (
        "Votre titre ou votre permis ne permet pas de signer à cette date. "
        "Vérifiez votre permis ou confiez la signature à un titre autorisé."
    ),
    "etat_interdit": (
        "Le dossier n'est pas à l'étape qui permet ce geste. Rechargez le dossier pour voir où il en est."
    ),
    "duree_incoherente": (
        "Une contrainte sévère dure en principe 12 mois ou plus. Corrigez la durée, ou confirmez qu'elle est voulue."
    ),
    "completude_non_verifiee": (
        "Il manque un formulaire au dossier. "
        "Ajoutez le rapport médical (SR-2100) et, s'il le faut, les réponses (SR-2105)."
    ),
    "diagnostic_non_identique": (
        "Aucun diagnostic du rapport n'est identique à celui de la liste. Transmettez le dossier pour évaluation."
    ),
    "critere_absent": (
        "Un critère exigé pour ce diagnostic manque ou n'est pas rempli. "
        "Ajoutez la preuve, ou transmettez le dossier pour évaluation."
    ),
    "voie_evidente_requise": (
        "Un diagnostic du rapport est évident et ses critères sont remplis. Employez la reconnaissance évidente."
    ),
    "evaluation_requise": "Ce dossier doit être évalué. Transmettez-le au centre d'évaluation.",
    "justification_absente": "La justification manque. Écrivez-la, puis recommencez.",
    "question_sans_reponse": ("Une des trois questions est sans réponse. Répondez oui, non, ou inconnu à chacune."),
    "piece_non_citee": (
        "Citez au moins une pièce du dossier, par son titre exact. Une pièce citée doit être au dossier."
    ),
    "motif_absent": "Une réponse défavorable doit dire pourquoi. Ajoutez au moins un motif.",
    "occasion_non_offerte": (
        "La personne n'a pas encore eu l'occasion de compléter son dossier. "
        "Offrez-lui cette occasion et attendez sa réponse ou la date indiquée."
    ),
    "champ_manquant": "Un champ exigé est vide. Remplissez-le.",
    "champ_invalide": "Une valeur n'est pas acceptée. Corrigez-la.",
}


class Refus(Exception):
    """Un acte refusé; l'appelant annule tout et montre `message` près de `champ`.

    `code` : une clé de `MESSAGES`, sinon `ValueError`. `message` : une phrase en
    français, celle du code par défaut. `champ` : nom du champ fautif, ou vide.
    """

    def __init__(self, code: str, message: str = "", champ: str = "") -> None:
        if code not in MESSAGES:
            raise ValueError(f"Code de refus inconnu : {code!r}.")
        self.code = code
        self.message = message or MESSAGES[code]
        self.champ = champ
        super().__init__(self.message)

    def __str__(self) -> str:
        return self.message
