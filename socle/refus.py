"""Le refus d'un acte : un code stable, une phrase qui dit comment réparer, un champ.

Chaque code a deux phrases : `MESSAGES` pour qui travaille au dossier, `MESSAGES_PERSONNE` pour la personne
elle-même, en mots simples et sans reproche.

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
        "La durée écrite est plus courte que celle d'une contrainte sévère. "
        "Corrigez la durée, ou confirmez qu'elle est voulue."
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
    "stockage_plein": (
        "Le fichier n'a pas pu être gardé : la place manque. Ce que vous avez écrit est encore ici. "
        "Réessayez plus tard, ou appelez le bureau."
    ),
}


_APPELEZ = "Appelez-nous : nous regarderons avec vous."
MESSAGES_PERSONNE: dict[str, str] = {
    "acces_refuse": f"Vous ne pouvez pas faire ceci sur cette page. {_APPELEZ}",
    "mandat_inactif": "La permission donnée à cette personne n'est pas active. Vous pouvez lui en donner une autre.",
    "portee_insuffisante": "La permission donnée à cette personne ne comprend pas ceci. Vous pouvez l'ajouter.",
    "conflit_interet": "Une personne qui a déjà décidé ne peut pas relire. Nous en choisirons une autre.",
    "deja_signe": "C'est déjà fait. Vous n'avez rien d'autre à faire.",
    "consentement_absent": "Il nous faut d'abord votre accord. Vous pouvez le donner dans « Mes choix ».",
    "signataire_non_autorise": f"Ce professionnel ne peut pas signer ce rapport en ce moment. {_APPELEZ}",
    "etat_interdit": f"Votre dossier a avancé : ceci n'est plus possible maintenant. {_APPELEZ}",
    "duree_incoherente": f"La durée écrite est plus courte que celle de la loi. {_APPELEZ}",
    "completude_non_verifiee": f"Il manque encore un formulaire à votre dossier. {_APPELEZ}",
    "diagnostic_non_identique": "Votre dossier doit être étudié plus longuement. Nous vous écrirons.",
    "critere_absent": f"Il nous manque un renseignement. {_APPELEZ}",
    "voie_evidente_requise": "Votre dossier peut avancer plus vite autrement. Nous nous en occupons.",
    "evaluation_requise": "Votre dossier doit être étudié plus longuement. Nous vous écrirons.",
    "justification_absente": "Dites-nous pourquoi, en quelques mots, puis envoyez de nouveau.",
    "question_sans_reponse": "Il reste une question. « Je ne sais pas » est une réponse.",
    "piece_non_citee": f"Nous ne trouvons pas ce document dans votre dossier. {_APPELEZ}",
    "motif_absent": "Dites-nous pourquoi, en quelques mots, puis envoyez de nouveau.",
    "occasion_non_offerte": "Vous n'avez pas encore eu l'occasion de répondre. Nous vous écrirons avant.",
    "champ_manquant": "Il manque une réponse. Écrivez-la, puis envoyez de nouveau. « Je ne sais pas » est une réponse.",
    "champ_invalide": f"Nous ne pouvons pas garder cette réponse. Écrivez-la autrement. Besoin d'aide ? {_APPELEZ}",
    "stockage_plein": (
        "Nous n'avons pas pu garder ce fichier : la place nous manque. Ce n'est pas votre faute. "
        f"Essayez plus tard. {_APPELEZ}"
    ),
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
        self.propre = bool(message)
        self.message = message or MESSAGES[code]
        self.champ = champ
        super().__init__(self.message)

    def __str__(self) -> str:
        return self.message

    def dit(self, *, a_la_personne: bool = False) -> str:
        """La phrase à montrer : celle de l'acte s'il en a une, sinon celle du code pour ce lecteur."""
        return MESSAGES_PERSONNE[self.code] if a_la_personne and not self.propre else self.message
