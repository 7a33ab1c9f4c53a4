"""Tous les textes du SR-2105, français et anglais, au même endroit : thèmes, lignes, consignes, erreurs.

Une personne dont la langue consignée est l'anglais lit les questions, les erreurs et la vérification en anglais;
le personnel lit en français, et lit la question à voix haute dans la langue de la personne. L'âge n'est jamais
demandé (étude SOM). Source : `ecrans-et-lettres.md` B1.9; `domaine.md` §2.2. Rédaction du projet.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import formats, translation

from socle import dates_en_mots, horloge

FR, EN = "fr", "en"
NE_SAIT_PAS = "ne_sait_pas"
Paire = tuple[str, str]


def dire(paire: Paire, langue: str) -> str:
    """Le texte de la paire (français, anglais) dans cette langue."""
    return paire[1] if langue == EN else paire[0]


@dataclass(frozen=True)
class Colonne:
    """Une case d'une ligne : son code, son étiquette à l'écran, son mot dans le texte gardé (vide : la tête)."""

    code: str
    nom: Paire
    mot: Paire = ("", "")
    aide: Paire = ("", "")


@dataclass(frozen=True)
class Theme:
    """Un thème du SR-2105 : son titre, la question, l'aide, et les lignes qui aident à répondre."""

    code: str
    titres: Paire
    questions: Paire
    aides: Paire
    colonnes: tuple[Colonne, ...] = ()
    rangs: int = 0
    en_lignes: Paire = ("", "")

    @property
    def titre(self) -> str:
        """Le titre en français, pour le personnel."""
        return self.titres[0]

    def titre_dit(self, langue: str) -> str:
        """Le titre dans cette langue."""
        return dire(self.titres, langue)

    def question(self, langue: str) -> str:
        """La question posée à la personne, dans cette langue."""
        return dire(self.questions, langue)

    def aide(self, langue: str) -> str:
        """Quelques mots sous la question, dans cette langue."""
        return dire(self.aides, langue)


SCOLARITE = Theme(
    "scolarite",
    ("Scolarité", "School"),
    ("Quelle est la dernière année d'école terminée?", "What is the last school year you finished?"),
    ("Le niveau, et si ce fut difficile.", "The level, and whether it was hard."),
    (
        Colonne("niveau", ("Niveau terminé", "Level finished")),
        Colonne("annee", ("Vers quelle année", "Around what year"), ("année", "year")),
        Colonne("difficile", ("Ce qui a été difficile", "What was hard"), ("difficile", "hard")),
    ),
    1,
    ("Répondre en trois cases", "Answer in three boxes"),
)
EMPLOIS = Theme(
    "emplois",
    ("Emplois", "Jobs"),
    ("Quels emplois avez-vous essayés?", "Which jobs have you tried?"),
    (
        "Même courts ou bénévoles. Dites pourquoi ils ont pris fin. Essayer ne compte jamais contre vous.",
        "Even short ones or volunteer work. Tell us why they ended. Trying never counts against you.",
    ),
    (
        Colonne("quoi", ("Emploi", "Job")),
        Colonne("quand", ("De quand à quand", "From when to when"), ("quand", "when")),
        Colonne("fin", ("Pourquoi il a pris fin", "Why it ended"), ("fin", "ended")),
    ),
    6,
    ("Répondre ligne par ligne, un emploi à la fois", "Answer line by line, one job at a time"),
)
HOSPITALISATIONS = Theme(
    "hospitalisations",
    ("Hospitalisations", "Hospital stays"),
    ("Y a-t-il eu des séjours à l'hôpital?", "Have you stayed in hospital?"),
    ("L'année et la raison, en gros.", "The year and the reason, roughly."),
    (
        Colonne("ou", ("Hôpital", "Hospital")),
        Colonne("quand", ("Vers quelle année", "Around what year"), ("quand", "when")),
        Colonne("raison", ("Raison, en gros", "Reason, roughly"), ("raison", "reason")),
    ),
    4,
    ("Répondre ligne par ligne, un séjour à la fois", "Answer line by line, one stay at a time"),
)
SUIVIS = Theme(
    "suivis",
    ("Suivis", "Care and support"),
    ("Qui vous suit, ou vous a suivi?", "Who supports you, or has supported you?"),
    (
        "Psychologue, ergothérapeute, éducateur, organisme…",
        "Psychologist, occupational therapist, educator, organization…",
    ),
    (
        Colonne("qui", ("Nom", "Name")),
        Colonne("quoi", ("Métier ou organisme", "Profession or organization"), ("métier", "profession")),
        Colonne("quand", ("De quand à quand", "From when to when"), ("quand", "when")),
    ),
    4,
    ("Répondre ligne par ligne, une personne à la fois", "Answer line by line, one person at a time"),
)
SITUATION = Theme(
    "situation",
    ("Situation", "Daily life"),
    ("Comment vivez-vous en ce moment?", "How are you living right now?"),
    ("Logement, famille, soutien, déplacements.", "Housing, family, support, getting around."),
    (
        Colonne("logement", ("Logement", "Housing"), ("logement", "housing")),
        Colonne("avec", ("Avec qui vous vivez", "Who you live with"), ("avec", "with")),
        Colonne("soutien", ("Qui vous aide", "Who helps you"), ("soutien", "support")),
        Colonne("trajets", ("Comment vous vous déplacez", "How you get around"), ("déplacements", "getting around")),
    ),
    1,
    ("Répondre en quatre cases", "Answer in four boxes"),
)
PERSONNES = Theme(
    "personnes_a_joindre",
    ("Personnes à joindre", "People to call"),
    ("Qui pouvons-nous appeler avec vous?", "Who can we call with you?"),
    ("Un nom, un lien, un numéro. Rien sans votre accord.", "A name, a link, a number. Nothing without your consent."),
    (
        Colonne("nom", ("Nom", "Name")),
        Colonne("groupe", ("Qui est-ce", "Who it is"), ("qui", "who")),
        Colonne("lien", ("Métier ou lien avec vous", "Profession or link with you"), ("lien", "link")),
        Colonne("telephone", ("Téléphone", "Phone"), ("téléphone", "phone")),
        Colonne("moment", ("Meilleur moment", "Best time"), ("moment", "time")),
        Colonne("permis", ("Pouvons-nous l'appeler?", "May we call?"), ("appel permis", "call allowed")),
    ),
    6,
)
THEMES: dict[str, Theme] = {
    theme.code: theme for theme in (SCOLARITE, EMPLOIS, HOSPITALISATIONS, SUIVIS, SITUATION, PERSONNES)
}


@dataclass(frozen=True)
class Groupe:
    """Un groupe de personnes à joindre : son code, ses deux rangs, son nom au texte, la question de la voie courte."""

    code: str
    rangs: tuple[int, int]
    noms: Paire
    questions: Paire
    aides: Paire
    liens: Paire


GROUPES = (
    Groupe(
        "soins",
        (1, 2),
        ("professionnel de la santé", "health professional"),
        ("Qui vous soigne?", "Who treats you?"),
        ("Médecin, infirmière, psychologue. Une personne suffit.", "Doctor, nurse, psychologist. One is enough."),
        ("Son métier, ou sa clinique", "Profession, or clinic"),
    ),
    Groupe(
        "aide",
        (3, 4),
        ("intervenant", "support worker"),
        ("Qui vous aide dans vos démarches?", "Who helps you with your paperwork?"),
        ("Un intervenant, un organisme, un tuteur.", "A worker, an organization, a tutor."),
        ("Son rôle, ou son organisme", "Role, or organization"),
    ),
    Groupe(
        "proches",
        (5, 6),
        ("proche", "relative or friend"),
        ("Quels proches vous connaissent bien?", "Which relatives or friends know you well?"),
        ("Parent, ami, voisin.", "Parent, friend, neighbour."),
        ("Son lien avec vous", "Link with you"),
    ),
)
PERMIS: dict[str, Paire] = {"oui": ("oui", "yes"), "non": ("non", "no")}

MOTS: dict[str, Paire] = {
    "inconnu": ("Je ne sais pas", "I don't know"),
    "continuer": ("Continuer", "Continue"),
    "sortir": ("Enregistrer et sortir", "Save and exit"),
    "revenir": ("Revenir plus tard", "Come back later"),
    "modifier": ("Modifier", "Change"),
    "question": ("Question", "Question"),
    "sur": ("sur", "of"),
    "deja": ("Déjà au dossier, à confirmer", "Already in your file, please confirm"),
    "deja_aide": (
        "Relisez, corrigez au besoin, puis continuez.",
        "Read it, change it if needed, then continue.",
    ),
    "garde": (
        "Vos réponses sont gardées à chaque « Continuer ».",
        "Your answers are kept each time you press “Continue”.",
    ),
    "garde_le": (
        "Brouillon enregistré à {heure}, gardé jusqu'au {jour}.",
        "Draft saved at {heure}, kept until {jour}.",
    ),
    "rien_ne_garde": (
        (
            "Rien ne s'enregistre en ce moment. Votre texte reste à l'écran : nous essaierons encore à votre prochaine "
            "réponse."
        ),
        "Nothing is being saved right now. Your text stays on the screen: we will try again at your next answer.",
    ),
    "trop_long_passage": (
        "Un texte est trop long pour être gardé. Raccourcissez-le.",
        "One text is too long to be kept. Please shorten it.",
    ),
    "change_ailleurs": (
        "Ces réponses ont changé ailleurs pendant que vous écriviez. « Continuer » montrera les deux textes.",
        "These answers changed elsewhere while you were writing. “Continue” will show both texts.",
    ),
    "sortie_gardee": (
        "Vos réponses sont gardées. Vous pouvez revenir quand vous voulez.",
        "Your answers are saved. You can come back whenever you want.",
    ),
    "autre_chose": ("Autre chose à nous dire sur ces personnes", "Anything else about these people"),
    "autres_lignes": ("D'autres lignes", "More lines"),
    "seconde": ("Une autre personne", "Another person"),
    "ligne": ("Ligne", "Line"),
    "oui": ("Oui", "Yes"),
    "non": ("Non", "No"),
    "verifier": ("Vérifier vos réponses", "Check your answers"),
    "envoyer": ("Envoyer mes réponses", "Send my answers"),
    "envoye": (
        "Les renseignements complémentaires sont au dossier.",
        "Your additional information is now in your file.",
    ),
    "deja_versees": (
        "Ces réponses sont déjà au dossier. Modifiez-en une pour en envoyer d'autres.",
        "These answers are already in your file. Change one to send new ones.",
    ),
    "change_avant_signer": (
        "Rien n'est envoyé : vos réponses ont changé ailleurs. Relisez-les ici avant d'envoyer.",
        "Nothing was sent: your answers changed elsewhere. Read them again here before you send.",
    ),
    "depassee": (
        "Une autre version a été déposée le {jour}, après le début de ce brouillon. Relisez avant de verser.",
        "Another version was filed on {jour}, after this draft was started. Read it again before you send.",
    ),
    "repartir": (
        "Effacer ce brouillon et repartir de cette version",
        "Erase this draft and start from that version",
    ),
    "reparti": (
        "Votre brouillon est effacé. Voici la dernière version déposée.",
        "Your draft is erased. This is the last filed version.",
    ),
    "manque": (
        "Rien n'est envoyé : il manque une réponse à {noms}. « Je ne sais pas » est une réponse.",
        "Nothing was sent: an answer is missing for {noms}. “I don't know” is an answer.",
    ),
    "papier": ("Imprimer ces questions sur papier (PDF)", "Print these questions on paper (PDF)"),
    "papier_aide": (
        "Remplissez-les à la main, puis remettez la feuille à votre agent, ou lisez-la-lui au téléphone.",
        "Fill it in by hand, then give it to your agent, or read it to them on the phone.",
    ),
    # La voie courte.
    "debut": ("Comment voulez-vous répondre?", "How do you want to answer?"),
    "debut_aide": (
        (
            "Nous devons mieux connaître votre parcours. Choisissez ce qui est le plus facile. Vous pourrez changer "
            "d'idée : rien ne se perd."
        ),
        "We need to know your background better. Choose what is easiest. You can change your mind: nothing is lost.",
    ),
    "choix_appels": ("Je préfère que vous appeliez ces personnes", "I would rather you call these people"),
    "choix_appels_aide": (
        "Trois courtes questions et une signature. Vous nommez qui vous connaît; nous appelons, avec votre accord.",
        "Three short questions and a signature. You name who knows you; we call them, with your consent.",
    ),
    "choix_questions_aide": (
        "Une question par page. « Je ne sais pas » est une réponse.",
        "One question per page. “I don't know” is an answer.",
    ),
    "permettre": ("Qui pouvons-nous appeler?", "Who may we call?"),
    "permettre_aide": (
        "Dites oui ou non pour chaque personne. Nous n'appelons jamais sans un oui.",
        "Say yes or no for each person. We never call without a yes.",
    ),
    "puis_appeler": ("Pouvons-nous appeler {nom}?", "May we call {nom}?"),
    "sans_numero": ("Numéro à trouver", "Number to find"),
    "autres_inconnus": (
        "Les autres questions auront pour réponse « Je ne sais pas ». Ces personnes nous aideront à y répondre.",
        "The other questions will be answered “I don't know”. These people will help us answer them.",
    ),
    "signer": ("Signer et envoyer", "Sign and send"),
    "signature": (
        "En envoyant, vous signez ces réponses, {nom}.",
        "By sending, you sign these answers, {nom}.",
    ),
    "aucune_personne": (
        "Nommez au moins une personne, ou répondez aux six questions.",
        "Name at least one person, or answer the six questions.",
    ),
    "six_questions": ("Répondre aux six questions", "Answer the six questions"),
    "autorisation": ("Votre autorisation", "Your consent"),
    "autorise": (
        (
            "J'autorise le Ministère à appeler les personnes à qui j'ai dit oui, pour parler de mon quotidien "
            "et de mon parcours."
        ),
        "I allow the Ministry to call the people I said yes to, to talk about my daily life and my background.",
    ),
    "autorise_retrait": (
        "Vous pouvez retirer cette autorisation quand vous voulez, à « Mes choix ».",
        "You can withdraw this consent at any time, under “Mes choix”.",
    ),
    "autorise_refus": (
        "Vos réponses sont au dossier, mais l'autorisation d'appeler n'a pas pu être notée. Votre agent la confirmera.",
        "Your answers are in your file, but your consent to calls could not be recorded. Your agent will confirm it.",
    ),
    "deja_autorise": ("Vous l'avez déjà permis le {jour}.", "You already allowed this on {jour}."),
    # Erreurs.
    "e_deux": (
        "Gardez votre réponse ou « Je ne sais pas », pas les deux.",
        "Keep your answer or “I don't know”, not both.",
    ),
    "e_vide": (
        "Écrivez une réponse, ou cochez « Je ne sais pas ».",
        "Write an answer, or tick “I don't know”.",
    ),
    "e_trop_long": (
        "{n} caractères; la limite est {max}. Raccourcissez ce texte; il est gardé en entier ici.",
        "{n} characters; the limit is {max}. Please shorten this text; it is kept in full here.",
    ),
    "e_nul": (
        "Un signe invisible s'est glissé dans ce texte. Effacez-le, puis écrivez-le de nouveau.",
        "An invisible character slipped into this text. Delete it, then type it again.",
    ),
    "e_nom": ("Écrivez le nom de cette personne.", "Write this person's name."),
    "e_permis": (
        "Dites si nous pouvons appeler {nom} : oui ou non.",
        "Tell us whether we may call {nom}: yes or no.",
    ),
    "e_telephone": (
        "Ce numéro semble incomplet. Écrivez-le avec l'indicatif, par exemple 514 555-0142.",
        "This number looks incomplete. Write it with the area code, for example 514 555-0142.",
    ),
    "e_choix": ("Choisissez Oui ou Non.", "Choose Yes or No."),
    "e_refus": (
        "Rien n'est envoyé : une réponse n'est pas acceptée. Relisez vos réponses, ou appelez-nous.",
        "Nothing was sent: one answer was not accepted. Check your answers, or call us.",
    ),
    "e_autorise": (
        "Cochez l'autorisation pour permettre ces appels, ou changez « Oui » pour « Non ».",
        "Tick the consent to allow these calls, or change “Yes” to “No”.",
    ),
    "erreur": ("Erreur", "Error"),
    # Conflit.
    "conflit": ("Ces réponses ont changé pendant que vous écriviez", "These answers changed while you were writing"),
    "conflit_aide": (
        "Rien n'a été enregistré. Votre texte est gardé ici, à côté de ce qui est gardé maintenant.",
        "Nothing was saved. Your text is kept here, next to what is saved now.",
    ),
    "conflit_ecrit": ("Ce que vous avez écrit", "What you wrote"),
    "conflit_garde": ("Ce qui est gardé maintenant", "What is saved now"),
    "conflit_reprendre": ("Reprendre avec ce qui est gardé", "Continue with what is saved"),
    "rien": ("Rien", "Nothing"),
    # Papier.
    "p_titre": ("Renseignements complémentaires (SR-2105)", "Additional information (SR-2105)"),
    "p_consigne": (
        (
            "Répondez ce que vous pouvez. « Je ne sais pas » est une réponse. Ce qui est déjà écrit vient de votre "
            "dossier : barrez et corrigez au besoin."
        ),
        (
            "Answer what you can. “I don't know” is an answer. What is already written comes from your file: cross it "
            "out and correct it if needed."
        ),
    ),
    "p_court": (
        "Vous préférez que nous appelions? Allez à la question 6, puis signez. Cela suffit.",
        "Would you rather we call? Go to question 6, then sign. That is enough.",
    ),
    "p_dossier": ("Dossier", "File"),
    "p_deja": ("Déjà au dossier :", "Already in your file:"),
    "p_signature": ("Signature", "Signature"),
    "p_date": ("Date", "Date"),
    "p_retour": (
        "Remettez cette feuille à votre bureau, ou appelez-nous : nous la remplirons avec vous au {telephone}.",
        "Give this form to your office, or call us: we will fill it in with you at {telephone}.",
    ),
    "p_fictif": ("Données fictives.", "Fictitious data."),
    "p_panne": (
        "La feuille n'a pas pu être faite. Réessayez dans un moment.",
        "The form could not be made. Please try again in a moment.",
    ),
}


def mots(langue: str) -> Mapping[str, str]:
    """Toutes les consignes dans cette langue."""
    return {code: dire(paire, langue) for code, paire in MOTS.items()}


def jour_dit(jour: date, langue: str) -> str:
    """28 décembre 2026, ou December 28, 2026."""
    if langue != EN:
        return dates_en_mots.date_moyenne(jour)
    with translation.override("en"):
        return str(formats.date_format(jour, "F j, Y"))


def heure_dite(instant: datetime, langue: str) -> str:
    """14 h 30, ou 2:30 p.m., à l'heure de Toronto."""
    if langue != EN:
        return dates_en_mots.heure(instant)
    with translation.override("en"):
        return str(formats.date_format(instant.astimezone(horloge.FUSEAU), "g:i a"))


def nombre_dit(nombre: int, langue: str) -> str:
    """Un millier se sépare d'une espace insécable en français, d'une virgule en anglais."""
    return f"{nombre:,}" if langue == EN else f"{nombre:,}".replace(",", "\u00a0")
