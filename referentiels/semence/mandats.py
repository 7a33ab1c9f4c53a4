"""Types de représentant, et lettres types à une clinique, au départ.

Les lettres ne disent rien de médical : leurs champs sont ceux de `dossiers.gabarits`, et ce que la personne veut
ajouter, elle l'écrit elle-même.
"""

from typing import Any


def _type(code: str, fr: str, en: str, preuve: str, preuve_en: str, ecrite: bool, certitude: str) -> dict[str, Any]:
    return {
        "code": code,
        "libelle": fr,
        "libelle_en": en,
        "preuve": preuve,
        "preuve_en": preuve_en,
        "preuve_ecrite": ecrite,
        "source": "Manuel d'interprétation des normes, demande de révision par un tiers; Code civil du Québec",
        "certitude": certitude,
    }


TYPES_REPRESENTANT: list[dict[str, Any]] = [
    _type(
        "tuteur",
        "Tuteur ou tutrice",
        "Tutor",
        "Le jugement de nomination, ou l'attestation du Curateur public.",
        "The appointing judgment, or the Public Curator's certificate.",
        True,
        "connue",
    ),
    _type(
        "mandataire",
        "Mandataire (mandat de protection)",
        "Mandatary (protection mandate)",
        "Le mandat de protection, homologué par le tribunal.",
        "The protection mandate, homologated by the court.",
        True,
        "connue",
    ),
    _type(
        "procuration",
        "Personne qui a une procuration",
        "Person holding a power of attorney",
        "La procuration signée par la personne.",
        "The power of attorney signed by the person.",
        True,
        "vue",
    ),
    _type(
        "avocat",
        "Avocat ou avocate",
        "Lawyer",
        "Aucun écrit de la personne n'est exigé. Votre ordre et votre numéro suffisent.",
        "No writing from the person is required. Your order and number are enough.",
        False,
        "vue",
    ),
    _type(
        "proche",
        "Proche de la personne",
        "Relative or friend",
        "Le papier signé par la personne, ou son accord dit à l'agent.",
        "The paper signed by the person, or their agreement given to the agent.",
        False,
        "choix",
    ),
]

_DEBUT = "{date}\n\nÀ l'attention de {clinicien}\n\nObjet : {personne}, dossier {reference}\n\nBonjour,\n\n"
_FIN = (
    "\n\nVous n'avez pas à dire si la personne peut travailler : décrivez ce que vous constatez."
    " Une question? Appelez-moi au {telephone}.\n\nMerci de votre aide,\n\n{intervenant}\n{organisme}"
)
_DEBUT_EN = "{date}\n\nTo {clinicien}\n\nRe: {personne}, file {reference}\n\nHello,\n\n"
_FIN_EN = (
    "\n\nYou do not have to say whether the person can work: describe what you observe."
    " Any question? Call me at {telephone}.\n\nThank you for your help,\n\n{intervenant}\n{organisme}"
)


def _lettre(code: str, fr: str, en: str, quand: str, quand_en: str, corps: str, corps_en: str) -> dict[str, Any]:
    return {
        "code": code,
        "libelle": fr,
        "libelle_en": en,
        "situation": quand,
        "situation_en": quand_en,
        "texte": f"{_DEBUT}{corps}{_FIN}",
        "texte_en": f"{_DEBUT_EN}{corps_en}{_FIN_EN}",
        "source": "Étude SOM, obstacle 8; texte à faire relire par le Ministère",
        "certitude": "choix",
    }


GABARITS_CLINICIEN: list[dict[str, Any]] = [
    _lettre(
        "premier_rapport",
        "Demander un premier rapport",
        "Ask for a first report",
        "La personne vient de faire sa demande.",
        "The person has just applied.",
        "J'accompagne {personne}, qui demande la reconnaissance de contraintes sévères à l'emploi."
        " Un rapport médical de votre part est nécessaire. Quatre pages suffisent; vous pouvez les remplir en ligne,"
        " avec le code que la personne vous remet, ou sur papier.",
        "I support {personne}, who is applying for recognition of severe constraints to employment."
        " A medical report from you is needed. Four pages are enough; you can fill them in online,"
        " with the code the person gives you, or on paper.",
    ),
    _lettre(
        "rapport_sans_duree",
        "Rapport sans durée",
        "Report without a duration",
        "Le rapport est reçu, mais la durée des limitations manque.",
        "The report was received, but the duration of the limitations is missing.",
        "Votre rapport sur {personne} est reçu, merci. Il n'y est pas écrit combien de temps les limitations"
        " devraient durer. Un nombre de mois, « permanente » ou « indéterminée » : une de ces trois réponses suffit."
        " Si vous ne le savez pas encore, vous pouvez l'écrire aussi.",
        "Thank you, your report on {personne} was received. It does not say how long the limitations should last."
        ' A number of months, "permanent" or "indefinite": one of these three answers is enough.'
        " If you do not know yet, you can write that too.",
    ),
    _lettre(
        "limitations_absentes",
        "Rapport sans limitations",
        "Report without limitations",
        "Le rapport nomme un diagnostic, sans ce qu'il change au quotidien.",
        "The report names a diagnosis, not what it changes in daily life.",
        "Votre rapport sur {personne} nomme ce que vous suivez. Il manque ce que cela change : bouger, se servir de ses"
        " mains, tenir dans le temps, se concentrer, être avec d'autres. Un exemple concret par point aide beaucoup.",
        "Your report on {personne} names what you are treating. It does not say what this changes: moving, using"
        " hands, lasting through the day, concentrating, being with others. One concrete example for each helps a lot.",
    ),
    _lettre(
        "sante_mentale",
        "Santé mentale",
        "Mental health",
        "Ce que vit la personne ne se voit pas à l'examen.",
        "What the person lives with does not show on examination.",
        "{personne} vous parle peut-être peu de ses mauvaises journées. Pour comprendre, l'équipe a besoin de savoir"
        " ce que vous observez d'une rencontre à l'autre : la fréquence, ce qui déclenche, ce qui a été essayé,"
        " et ce que la personne évite.",
        "{personne} may say little about bad days. To understand, the team needs to know what you observe from one"
        " visit to the next: how often, what triggers it, what was tried, and what the person avoids.",
    ),
    _lettre(
        "effet_cumulatif",
        "Effet cumulatif",
        "Cumulative effect",
        "Plusieurs problèmes, aucun sévère seul.",
        "Several problems, none severe alone.",
        "Plusieurs choses se combinent chez {personne}. La loi permet d'en regarder l'effet ensemble."
        " Pouvez-vous écrire,"
        " en quelques lignes, comment elles s'additionnent dans une journée ordinaire?",
        "Several things combine for {personne}. The law allows their effect to be looked at together. Can you write,"
        " in a few lines, how they add up in an ordinary day?",
    ),
    _lettre(
        "deterioration",
        "Situation qui s'aggrave",
        "Situation getting worse",
        "Un refus passé, et la situation a changé depuis.",
        "A past refusal, and the situation has changed since.",
        "La situation de {personne} a changé depuis votre dernier rapport. Un rapport neuf, qui dit ce qui"
        " s'est aggravé"
        " et depuis quand, permet une nouvelle étude. Cochez « détérioration » s'il y a lieu.",
        "The situation of {personne} has changed since your last report. A new report, saying what got worse and since"
        ' when, allows a new study. Check "deterioration" if it applies.',
    ),
    _lettre(
        "refus_de_remplir",
        "La clinique hésite à remplir le rapport",
        "The clinic hesitates to fill in the report",
        "Le rapport a été refusé ou remis à plus tard.",
        "The report was refused or put off.",
        "Vous avez hésité à remplir le rapport de {personne}. Le formulaire demande des faits que vous"
        " connaissez, pas un"
        " avis sur l'emploi : c'est une équipe du Ministère qui décide. « Je ne sais pas » est une réponse permise."
        " Si vous préférez ne pas le remplir, dites-le-nous : la personne pourra chercher ailleurs sans attendre.",
        "You hesitated to fill in the report of {personne}. The form asks for facts you know, not an opinion"
        " about work:"
        ' a Ministry team decides. "I do not know" is an allowed answer.'
        " If you prefer not to fill it in, tell us: the person can then look elsewhere without waiting.",
    ),
    _lettre(
        "sans_medecin_de_famille",
        "Consultation sans médecin de famille",
        "Walk-in without a family doctor",
        "La personne consulte dans une clinique qui ne la connaît pas.",
        "The person is seen at a clinic that does not know them.",
        "{personne} n'a pas de médecin de famille et se présente chez vous pour un rapport. Écrivez ce que vous"
        " constatez"
        " aujourd'hui et ce que montrent les documents apportés; une trousse résume son histoire. Le rapport est utile"
        " même après une seule rencontre.",
        "{personne} has no family doctor and comes to you for a report. Write what you observe today and what the"
        " documents show; a kit sums up the history. The report is useful even after a single visit.",
    ),
    _lettre(
        "clinicien_parti",
        "Le clinicien a quitté",
        "The clinician has left",
        "La personne a changé de clinicien pendant la demande.",
        "The person changed clinicians during the request.",
        "La personne qui suivait {personne} n'est plus à votre clinique. Pourriez-vous remplir le rapport à"
        " partir de son"
        " dossier, ou nous dire qui le peut? La personne attend depuis, et son dossier ne peut pas avancer.",
        "The clinician who followed {personne} is no longer at your clinic. Could you fill in the report from"
        " the chart,"
        " or tell us who can? The person has been waiting, and the file cannot move forward.",
    ),
    _lettre(
        "traitements_essayes",
        "Traitements essayés",
        "Treatments tried",
        "On demande ce qui a été essayé, et le résultat.",
        "The team asks what was tried, and with what result.",
        "L'équipe qui étudie le dossier de {personne} demande ce qui a été essayé et ce que cela a donné."
        " Quelques lignes"
        " suffisent, arrêts et effets indésirables compris.",
        "The team studying the file of {personne} asks what was tried and what it gave. A few lines are enough,"
        " including what was stopped and side effects.",
    ),
    _lettre(
        "avant_la_decision",
        "Répondre avant la décision",
        "Answer before the decision",
        "Une occasion de compléter est ouverte, avec une date.",
        "A chance to add to the file is open, with a date.",
        "Une décision approche dans le dossier de {personne}, et un renseignement que vous seul avez y manque encore."
        " Une réponse courte, avant la date écrite sur la lettre que la personne vous remet, sera lue avant de"
        " décider.",
        "A decision is near in the file of {personne}, and something only you know is still missing."
        " A short answer, before the date on the letter the person gives you, will be read before deciding.",
    ),
    _lettre(
        "revision",
        "Soutenir une révision",
        "Support a review",
        "La personne demande la révision d'un refus.",
        "The person is asking for a review of a refusal.",
        "{personne} demande qu'une autre équipe relise son dossier. Un document neuf peut changer la réponse :"
        " ce que la"
        " lettre de décision dit manquer, dans vos mots. La personne vous montre cette lettre si elle le veut.",
        "{personne} is asking another team to read the file again. A new document can change the answer: what the"
        " decision letter says is missing, in your words. The person shows you that letter if they wish.",
    ),
    _lettre(
        "papier_ou_telecopie",
        "Remplir sur papier",
        "Fill in on paper",
        "La clinique ne peut pas entrer dans le formulaire en ligne.",
        "The clinic cannot use the online form.",
        "Le rapport de {personne} peut se remplir sur papier : la feuille est jointe. Signez-la, écrivez votre"
        " numéro de"
        " permis, et remettez-la à la personne ou à moi. Rien ne vous oblige à créer un compte.",
        "The report of {personne} can be filled in on paper: the sheet is enclosed. Sign it, write your licence number,"
        " and give it to the person or to me. You do not have to create an account.",
    ),
    _lettre(
        "frais_demandes",
        "Frais demandés pour le rapport",
        "Fees asked for the report",
        "La clinique demande de payer pour remplir le rapport.",
        "The clinic asks to be paid for the report.",
        "Votre clinique a demandé des frais à {personne} pour remplir le rapport. La personne reçoit une aide"
        " de dernier"
        " recours ou en demande une. Pourriez-vous vérifier avec l'ordre ou le Ministère ce qui peut être demandé,"
        " et remplir le rapport sans attendre cette réponse?",
        "Your clinic asked {personne} for a fee to fill in the report. The person receives or is asking for last-resort"
        " assistance. Could you check with your order or the Ministry what may be asked, and fill in the report without"
        " waiting for that answer?",
    ),
]
