"""Textes que la personne lit : motifs, éléments manquants, vocabulaire, lignes d'aide; liste de démonstration.

Phrases courtes, à la deuxième personne, un seul sens par phrase.
"""

from typing import Any

LISTE_DEMONSTRATION = "Liste de démonstration"
_REDACTION = {"source": "Rédaction du projet, à valider par le Ministère", "certitude": "choix"}


def _motif(code: str, sens: str, question: str, fr: tuple[str, str], en: tuple[str, str]) -> dict[str, Any]:
    return {
        "code": code,
        "sens": sens,
        "question": question,
        "libelle": fr[0],
        "texte_lettre": fr[1],
        "libelle_en": en[0],
        "texte_lettre_en": en[1],
        **_REDACTION,
    }


MOTIFS: list[dict[str, Any]] = [
    _motif(
        "diagnostic_evident",
        "favorable",
        "",
        (
            "Diagnostic évident",
            "Votre diagnostic est sur la liste du Ministère. Vous remplissez les critères de cette liste.",
        ),
        ("Obvious diagnosis", "Your diagnosis is on the Ministry's list. You meet the criteria of that list."),
    ),
    _motif(
        "effet_cumulatif",
        "favorable",
        "atteinte",
        (
            "Effet cumulatif",
            "Vous vivez avec plusieurs problèmes de santé. Ensemble, ils limitent beaucoup ce que vous pouvez faire.",
        ),
        ("Cumulative effect", "You live with several health problems. Together, they greatly limit what you can do."),
    ),
    _motif(
        "atteinte_et_duree_etablies",
        "favorable",
        "duree",
        (
            "Atteinte et durée établies",
            (
                "Votre santé limite beaucoup ce que vous pouvez faire. "
                "Nous savons que vos limitations vont durer 12 mois ou plus."
            ),
        ),
        (
            "Impairment and duration established",
            "Your health greatly limits what you can do. We know that your limitations will last 12 months or more.",
        ),
    ),
    _motif(
        "duree_non_etablie",
        "defavorable",
        "duree",
        (
            "Durée non établie",
            (
                "Nous ne savons pas combien de temps vos limitations vont durer. "
                "La loi demande qu'elles durent 12 mois ou plus. Le rapport médical ne le dit pas assez clairement."
            ),
        ),
        (
            "Duration not established",
            (
                "We do not know how long your limitations will last. "
                "The law asks that they last 12 months or more. The medical report is not clear enough on this."
            ),
        ),
    ),
    _motif(
        "duree_non_permanente",
        "defavorable",
        "duree",
        (
            "Durée trop courte",
            (
                "Selon le rapport médical, vos limitations vont durer moins de 12 mois. "
                "La loi demande qu'elles durent 12 mois ou plus."
            ),
        ),
        (
            "Duration too short",
            (
                "The medical report says that your limitations will last less than 12 months. "
                "The law asks that they last 12 months or more."
            ),
        ),
    ),
    _motif(
        "atteinte_non_significative",
        "defavorable",
        "atteinte",
        (
            "Atteinte non significative",
            "Vous avez un problème de santé. Les documents ne montrent pas que vos limitations sont importantes.",
        ),
        (
            "Impairment not significant",
            "You have a health problem. The documents do not show that your limitations are significant.",
        ),
    ),
    _motif(
        "contraintes_non_severes",
        "defavorable",
        "socioprofessionnel",
        (
            "Contraintes non sévères",
            (
                "Vous avez des limitations. Nous avons aussi regardé vos études et vos emplois. "
                "Nous pensons que certains emplois restent possibles pour vous."
            ),
        ),
        (
            "Constraints not severe",
            (
                "You have limitations. We also looked at your studies and your jobs. "
                "We think that some jobs remain possible for you."
            ),
        ),
    ),
    _motif(
        "situation_inchangee",
        "defavorable",
        "",
        (
            "Situation inchangée",
            (
                "Votre nouveau rapport médical décrit la même situation que le précédent. "
                "Vous nous avez dit que rien n'a changé. Notre réponse reste donc la même."
            ),
        ),
        (
            "Situation unchanged",
            (
                "Your new medical report describes the same situation as the last one. "
                "You told us that nothing has changed. Our answer therefore stays the same."
            ),
        ),
    ),
]


def _element(code: str, qui: str, fr: tuple[str, str, str, str], en: tuple[str, str, str, str]) -> dict[str, Any]:
    noms = ("libelle", "quoi", "pourquoi", "exemple")
    return {
        "code": code,
        "qui": qui,
        **dict(zip(noms, fr, strict=True)),
        **{f"{nom}_en": texte for nom, texte in zip(noms, en, strict=True)},
        **_REDACTION,
    }


ELEMENTS: list[dict[str, Any]] = [
    _element(
        "duree_limitations",
        "clinique",
        (
            "Durée des limitations",
            "Il nous manque la durée prévue de vos limitations.",
            "La loi demande qu'elles durent 12 mois ou plus.",
            "Plus de 12 mois. État stable malgré deux traitements.",
        ),
        (
            "Duration of limitations",
            "We need to know how long your limitations should last.",
            "The law asks that they last 12 months or more.",
            "More than 12 months. Stable despite two treatments.",
        ),
    ),
    _element(
        "limitations_fonctionnelles",
        "clinique",
        (
            "Limitations fonctionnelles",
            "Il nous manque ce que votre santé vous empêche de faire.",
            "Un diagnostic ne dit pas ce qui est difficile chaque jour.",
            "Ne peut rester assis plus de 20 minutes. Doit ensuite se coucher une heure.",
        ),
        (
            "Functional limitations",
            "We need to know what your health keeps you from doing.",
            "A diagnosis does not say what you live with each day.",
            "Cannot sit for more than 20 minutes. Must then lie down for an hour.",
        ),
    ),
    _element(
        "diagnostic_principal",
        "clinique",
        (
            "Diagnostic principal",
            "Il nous manque le nom du problème de santé qui vous limite le plus.",
            "Nous devons savoir ce qui cause les limitations.",
            "Polyarthrite rhumatoïde, connue depuis 2019.",
        ),
        (
            "Main diagnosis",
            "We need the name of the health problem that limits you most.",
            "We must know what causes your limitations.",
            "Rheumatoid arthritis, known since 2019.",
        ),
    ),
    _element(
        "traitements_essayes",
        "clinique",
        (
            "Traitements essayés",
            "Il nous manque les traitements que vous avez essayés et leurs résultats.",
            "Cela aide à savoir si les limitations vont durer.",
            "Deux médicaments en trois ans. Peu d'effet. Physiothérapie cessée à cause de la douleur.",
        ),
        (
            "Treatments tried",
            "We need to know which treatments you tried and how they worked.",
            "This helps to know if your limitations will last.",
            "Two drugs in three years. Little effect. Physiotherapy stopped because of pain.",
        ),
    ),
    _element(
        "effet_cumulatif_explique",
        "clinique",
        (
            "Effet cumulatif expliqué",
            "Il nous manque l'effet de vos problèmes de santé quand ils s'ajoutent.",
            "Chaque problème peut sembler léger. Ensemble, ils peuvent beaucoup limiter.",
            "La douleur coupe le sommeil. La fatigue aggrave l'anxiété. Ne sort plus seule.",
        ),
        (
            "Cumulative effect explained",
            "We need to know how your health problems add up.",
            "Each problem may look mild. Together, they can be very limiting.",
            "Pain disturbs sleep. Fatigue worsens anxiety. No longer goes out alone.",
        ),
    ),
    _element(
        "parcours_scolaire",
        "personne",
        (
            "Parcours scolaire",
            "Il nous manque vos études.",
            "La loi nous demande de regarder les études avec la santé.",
            "Secondaire 3. Cours d'adulte commencé en 2012, non fini.",
        ),
        (
            "Education",
            "We need to know about your studies.",
            "The law asks us to look at your studies along with your health.",
            "Secondary 3. Adult course started in 2012, not finished.",
        ),
    ),
    _element(
        "parcours_travail",
        "personne",
        (
            "Parcours de travail",
            "Il nous manque les emplois que vous avez eus.",
            "La loi nous demande de regarder le travail passé avec la santé.",
            "Préposée à l'entretien pendant six ans. Dernier emploi en 2018.",
        ),
        (
            "Work history",
            "We need to know about the jobs you have had.",
            "The law asks us to look at your past work along with your health.",
            "Cleaner for six years. Last job in 2018.",
        ),
    ),
    _element(
        "hospitalisations",
        "personne",
        (
            "Hospitalisations",
            "Il nous manque vos séjours à l'hôpital.",
            "Ils montrent comment la santé a changé.",
            "Deux semaines en mars 2025, pour le cœur.",
        ),
        (
            "Hospital stays",
            "We need to know about your hospital stays.",
            "They show how your health has changed.",
            "Two weeks in March 2025, for the heart.",
        ),
    ),
    _element(
        "evaluation_complementaire",
        "clinique",
        (
            "Évaluation complémentaire",
            "Il nous manque l'avis d'un autre professionnel de la santé.",
            "Cet avis peut mieux montrer les limitations.",
            "Évaluation d'une ergothérapeute, ou note d'un spécialiste.",
        ),
        (
            "Further assessment",
            "We need the opinion of another health professional.",
            "That opinion may better show your limitations.",
            "Assessment by an occupational therapist, or a specialist's note.",
        ),
    ),
]


def _diagnostic(
    code: str, libelle: str, en: str, criteres: dict[str, int], reexamen: int | None = None
) -> dict[str, Any]:
    return {
        "code": code,
        "libelle": libelle,
        "libelle_en": en,
        "criteres": criteres,
        "reexamen_mois": reexamen,
        "liste": LISTE_DEMONSTRATION,
        "source": "Inventé pour la démonstration; la liste du Ministère n'est pas publique",
        "certitude": "demonstration",
    }


DIAGNOSTICS: list[dict[str, Any]] = [
    _diagnostic("DEMO-01", "Cécité des deux yeux", "Blindness in both eyes", {}),
    _diagnostic("DEMO-02", "Maladie d'Alzheimer", "Alzheimer's disease", {}),
    _diagnostic("DEMO-03", "Achondroplasie", "Achondroplasia", {"age_min": 40, "sans_travail_depuis_annees": 5}),
    _diagnostic("DEMO-04", "Cancer du sein en chimiothérapie", "Breast cancer under chemotherapy", {}, 12),
]

_LOI_71 = "Loi de 2024 (projet de loi 71); entrée en vigueur non confirmée"
_LOI = "Loi sur l'aide aux personnes et aux familles, art. 53 et 70; étude SOM"


def _mot(code: str, fr: str, en: str, source: str, certitude: str) -> dict[str, Any]:
    return {"code": code, "fr": fr, "en": en, "source": source, "certitude": certitude}


VOCABULAIRE: list[dict[str, Any]] = [
    _mot(
        "contraintes_severes", "contraintes sévères à l'emploi", "severely limited capacity for employment", _LOI, "vue"
    ),
    _mot(
        "contraintes_temporaires",
        "contraintes temporaires à l'emploi",
        "temporarily limited capacity for employment",
        _LOI,
        "vue",
    ),
    _mot(
        "contraintes_severes_loi71", "contraintes sévères de santé", "severe health constraints", _LOI_71, "incertaine"
    ),
    _mot("contraintes_temporaires_loi71", "contraintes de santé", "health constraints", _LOI_71, "incertaine"),
    _mot("duree_exigee", "12 mois ou plus", "12 months or more", _LOI_71, "incertaine"),
    _mot("duree_exigee_avant_loi71", "permanente ou indéfinie", "permanent or indefinite", _LOI, "vue"),
    _mot(
        "question_atteinte",
        "Est-ce que votre santé vous limite de façon importante ?",
        "Does your health limit you in a significant way?",
        _LOI,
        "choix",
    ),
    _mot(
        "question_duree",
        "Est-ce que cela va durer 12 mois ou plus ?",
        "Will it last 12 months or more?",
        _LOI_71,
        "choix",
    ),
    _mot(
        "question_socioprofessionnel",
        "Est-ce que votre santé et votre parcours vous empêchent de travailler ?",
        "Do your health and your background keep you from working?",
        _LOI,
        "choix",
    ),
]


def _ligne(code: str, nom: tuple[str, str], telephone: str, quoi: tuple[str, str], crise: bool) -> dict[str, Any]:
    return {
        "code": code,
        "libelle": nom[0],
        "libelle_en": nom[1],
        "telephone": telephone,
        "description": quoi[0],
        "description_en": quoi[1],
        "crise": crise,
        "source": "Numéro public, à vérifier par un appel deux fois l'an",
        "certitude": "connue",
    }


LIGNES: list[dict[str, Any]] = [
    _ligne(
        "prevention_suicide",
        ("Ligne québécoise de prévention du suicide", "Québec suicide prevention line"),
        "1 866 277-3553",
        ("Jour et nuit, gratuit", "Day and night, free"),
        True,
    ),
    _ligne(
        "info_social",
        ("Info-Santé et Info-Social", "Info-Santé and Info-Social"),
        "811",
        ("Jour et nuit, gratuit", "Day and night, free"),
        True,
    ),
    _ligne(
        "aide_communautaire",
        ("Services communautaires près de chez vous", "Community services near you"),
        "211",
        ("Logement, nourriture, entraide", "Housing, food, support"),
        False,
    ),
    _ligne(
        "services_quebec",
        ("Services Québec", "Services Québec"),
        "1 877 767-8773",
        ("Questions sur votre dossier", "Questions about your file"),
        False,
    ),
    _ligne(
        "protecteur_citoyen",
        ("Protecteur du citoyen", "Québec Ombudsman"),
        "1 800 463-5070",
        (
            "Plaintes sur un service public, gratuit et indépendant",
            "Complaints about a public service, free, independent",
        ),
        False,
    ),
]
