"""Listes des formulaires, des consentements et des mandats au départ."""

from typing import Any

_CONTRAT = {"source": "Contrat des actes; libellés à confronter au formulaire officiel", "certitude": "choix"}


def _titre(code: str, fr: str, en: str, ordre: str, signe: bool, permis: str, certitude: str) -> dict[str, Any]:
    return {
        "code": code,
        "libelle": fr,
        "libelle_en": en,
        "ordre_professionnel": ordre,
        "peut_signer_sr2100": signe,
        "format_permis": permis,
        "source": "Manuel, sujet 42485; étude SOM" if signe else "Loi de 2024 : titres à désigner par règlement",
        "certitude": certitude,
    }


_CMQ = "Collège des médecins du Québec"
_OIIQ = "Ordre des infirmières et infirmiers du Québec"

TITRES: list[dict[str, Any]] = [
    _titre("medecin", "Médecin", "Physician", _CMQ, True, "cmq", "vue"),
    _titre("psychiatre", "Psychiatre", "Psychiatrist", _CMQ, True, "cmq", "vue"),
    _titre("ips", "Infirmière praticienne spécialisée", "Specialized nurse practitioner", _OIIQ, True, "oiiq", "vue"),
    _titre(
        "infirmiere_clinique_desaffiliee",
        "Infirmière d'une clinique pour personnes désaffiliées",
        "Nurse in a clinic for disaffiliated people",
        _OIIQ,
        True,
        "oiiq",
        "incertaine",
    ),
    _titre("infirmiere", "Infirmière", "Nurse", _OIIQ, False, "oiiq", "incertaine"),
    _titre(
        "ergotherapeute",
        "Ergothérapeute",
        "Occupational therapist",
        "Ordre des ergothérapeutes du Québec",
        False,
        "",
        "incertaine",
    ),
    _titre(
        "travailleur_social",
        "Travailleur social",
        "Social worker",
        "Ordre des travailleurs sociaux et des thérapeutes conjugaux et familiaux du Québec",
        False,
        "",
        "incertaine",
    ),
    _titre("psychologue", "Psychologue", "Psychologist", "Ordre des psychologues du Québec", False, "", "incertaine"),
    _titre(
        "physiotherapeute",
        "Physiothérapeute",
        "Physiotherapist",
        "Ordre professionnel de la physiothérapie du Québec",
        False,
        "",
        "incertaine",
    ),
]


def _domaine(code: str, fr: str, en: str, exemple: str, exemple_en: str) -> dict[str, Any]:
    return {"code": code, "libelle": fr, "libelle_en": en, "exemple": exemple, "exemple_en": exemple_en, **_CONTRAT}


DOMAINES: list[dict[str, Any]] = [
    _domaine(
        "bouger",
        "Bouger",
        "Moving around",
        "Ne peut rester debout plus de 15 minutes.",
        "Cannot stand for more than 15 minutes.",
    ),
    _domaine(
        "mains",
        "Utiliser ses mains",
        "Using the hands",
        "Ne peut tenir un outil plus de 5 minutes.",
        "Cannot hold a tool for more than 5 minutes.",
    ),
    _domaine(
        "endurance",
        "Endurance et douleur",
        "Endurance and pain",
        "Doit se coucher deux heures chaque après-midi.",
        "Must lie down two hours every afternoon.",
    ),
    _domaine(
        "concentration",
        "Se concentrer et mémoriser",
        "Concentrating and remembering",
        "Perd le fil d'une consigne de deux étapes.",
        "Loses track of a two-step instruction.",
    ),
    _domaine(
        "emotions",
        "Gérer ses émotions et le stress",
        "Managing emotions and stress",
        "Crise de panique à chaque imprévu.",
        "Panic attack whenever something unexpected happens.",
    ),
    _domaine(
        "interactions",
        "Interagir avec les autres",
        "Interacting with others",
        "Ne tolère pas la présence de plus de deux personnes.",
        "Cannot tolerate more than two people nearby.",
    ),
    _domaine(
        "organisation",
        "S'organiser au quotidien",
        "Organizing daily life",
        "A besoin d'aide pour suivre un horaire.",
        "Needs help to follow a schedule.",
    ),
    _domaine(
        "sens",
        "Voir, entendre, communiquer",
        "Seeing, hearing, communicating",
        "Ne peut lire un écran, même agrandi.",
        "Cannot read a screen, even magnified.",
    ),
]

NIVEAUX: list[dict[str, Any]] = [
    {"code": code, "libelle": fr, "libelle_en": en, **_CONTRAT}
    for code, fr, en in (
        ("aucune", "Aucune", "None"),
        ("legere", "Légère", "Mild"),
        ("moderee", "Modérée", "Moderate"),
        ("grave", "Grave", "Severe"),
        ("ne_sait_pas", "Ne sais pas", "Don't know"),
    )
]

OBJETS: list[dict[str, Any]] = [
    {
        "code": "joindre_clinicien",
        "libelle": "Joindre mon professionnel de la santé",
        "libelle_en": "Contact my health professional",
        "texte": (
            "Le Ministère peut joindre mon professionnel de la santé. "
            "Il peut lui demander un rapport et des précisions."
        ),
        "texte_en": "The Ministry may contact my health professional. It may ask for a report and for details.",
        "effet_retrait": "Nous ne lui demanderons plus rien. Le rapport déjà signé reste au dossier.",
        "effet_retrait_en": "We will ask for nothing more. A report already signed stays in the file.",
        "source": "Manuel, sujets 42485 et 42486",
        "certitude": "vue",
    },
    {
        "code": "communiquer_decision_clinicien",
        "libelle": "Dire la décision à mon professionnel de la santé",
        "libelle_en": "Tell my health professional the decision",
        "texte": (
            "Le Ministère peut dire la décision à mon professionnel de la santé. "
            "Il peut aussi lui dire ce qui manquait."
        ),
        "texte_en": "The Ministry may tell my health professional the decision. It may also say what was missing.",
        "effet_retrait": (
            "Votre professionnel de la santé ne verra plus la décision ici. Votre demande n'est pas touchée."
        ),
        "effet_retrait_en": (
            "Your health professional will no longer see the decision here. Your request is not affected."
        ),
        "source": "Consentement distinct, faute d'avis du Ministère",
        "certitude": "choix",
    },
    {
        "code": "joindre_entourage",
        "libelle": "Appeler les personnes que je nomme",
        "libelle_en": "Call the people I name",
        "texte": (
            "Le Ministère peut appeler les personnes à qui j'ai dit oui. "
            "Il peut leur parler de mon quotidien et de mon parcours."
        ),
        "texte_en": (
            "The Ministry may call the people I said yes to. "
            "It may talk with them about my daily life and my background."
        ),
        "effet_retrait": "Nous n'appellerons plus ces personnes. Ce qui est déjà noté reste au dossier.",
        "effet_retrait_en": "We will stop calling these people. What is already noted stays in the file.",
        "source": "Étude SOM, alléger le SR-2105 : coordonnées, autorisation, signature",
        "certitude": "choix",
    },
    {
        "code": "montrer_portrait_clinicien",
        "libelle": "Montrer le portrait de ma situation à ma clinique",
        "libelle_en": "Show the portrait of my situation to my clinic",
        "texte": (
            "Mon professionnel de la santé peut lire le portrait écrit par ma personne-ressource. "
            "Il le lit pendant qu'il remplit le rapport, jusqu'à la décision."
        ),
        "texte_en": (
            "My health professional may read the portrait written by my support worker. "
            "It may be read while the report is being written, until the decision."
        ),
        "effet_retrait": (
            "Votre professionnel de la santé ne verra plus ce portrait. Un rapport déjà signé ne change pas."
        ),
        "effet_retrait_en": "Your health professional will no longer see it. A report already signed does not change.",
        "source": "Étude SOM, obstacles 4 à 9",
        "certitude": "choix",
    },
]


def _sujet(code: str, fr: str, aide: str) -> dict[str, Any]:
    return {
        "code": code,
        "libelle": fr,
        "aide": aide,
        "source": "Choix de conception; étude SOM, solutions 50 à 57",
        "certitude": "choix",
    }


SUJETS_APPEL: list[dict[str, Any]] = [
    _sujet(
        "duree_et_severite",
        "Durée, et « sévère » ou « temporaire »",
        "Dites combien de temps les limitations dureront, selon vous. « Indéterminée » est une réponse. "
        "« Sévère » demande une durée longue; une durée courte se dit « temporaire ».",
    ),
    _sujet(
        "decrire_limitations",
        "Décrire les limitations",
        "Donnez un niveau par domaine que vous connaissez, et un exemple de la vie de tous les jours. "
        "Un domaine que vous ne connaissez pas peut rester vide.",
    ),
    _sujet(
        "capacite_de_travail",
        "On croit devoir juger la capacité de travail",
        "La capacité de travail n'est pas demandée. Décrivez la personne; d'autres jugent l'effet sur l'emploi.",
    ),
    _sujet(
        "qui_peut_signer",
        "Qui peut signer, et avec quel permis",
        "La liste des titres est datée. Sans permis vérifié, remplissez d'abord; le permis se prouve à la signature. "
        "Un autre professionnel peut signer une contribution.",
    ),
    _sujet(
        "effet_cumulatif",
        "Plusieurs problèmes ensemble",
        "Nommez chaque diagnostic, cochez l'effet cumulatif, puis dites en une phrase comment l'un aggrave l'autre.",
    ),
    _sujet(
        "acces_au_formulaire",
        "Entrer dans le formulaire",
        "Un code de patient ou une invitation ouvre le rapport. Le papier et le télécopieur restent possibles.",
    ),
    _sujet("autre", "Autre sujet", "Posez votre question à la ligne; elle aidera à améliorer ces pages."),
]


def _portee(
    code: str, fr: str, en: str, description: str, description_en: str, reservee: bool = False
) -> dict[str, Any]:
    return {
        "code": code,
        "libelle": fr,
        "libelle_en": en,
        "description": description,
        "description_en": description_en,
        "du_prestataire_seulement": reservee,
        "source": "Contrat des actes",
        "certitude": "choix",
    }


PORTEES: list[dict[str, Any]] = [
    _portee(
        "voir_etat",
        "Voir l'état du dossier",
        "See the status of the file",
        "Voir où en est la demande et la prochaine étape.",
        "See where the request stands and the next step.",
    ),
    _portee(
        "recevoir_lettres",
        "Recevoir une copie des lettres",
        "Receive a copy of letters",
        "Recevoir une copie de chaque lettre.",
        "Receive a copy of each letter.",
    ),
    _portee(
        "verser_pieces",
        "Ajouter des documents",
        "Add documents",
        "Ajouter des documents au dossier.",
        "Add documents to the file.",
    ),
    _portee(
        "repondre",
        "Répondre aux questions",
        "Answer questions",
        "Répondre aux questions et écrire à l'équipe.",
        "Answer questions and write to the team.",
    ),
    _portee(
        "assister_entrevue",
        "Assister à l'entrevue",
        "Attend the interview",
        "Être présent à l'entrevue de révision.",
        "Be present at the review interview.",
    ),
    _portee(
        "demander_revision",
        "Demander la révision",
        "Request a review",
        "Demander la révision d'une décision, avec vous.",
        "Request the review of a decision, with you.",
    ),
    _portee(
        "voir_rapport_medical",
        "Voir le rapport médical",
        "See the medical report",
        "Lire le rapport médical. Vous seul pouvez ajouter cet accès.",
        "Read the medical report. Only you can add this access.",
        True,
    ),
]
