"""La suite d'une décision : programmes vers qui orienter, relecture de qualité, revenu de base, réexamen."""

from typing import Any

CONNU = "Connaissance générale, à confirmer par un appel"
PRB = "Règlement sur l'aide aux personnes et aux familles, art. 177.43 à 177.45"


def _programme(
    code: str, nom: tuple[str, str], fait: tuple[str, str], pour: tuple[str, str], telephone: str
) -> dict[str, Any]:
    return {
        "code": code,
        "libelle": nom[0],
        "libelle_en": nom[1],
        "description": fait[0],
        "description_en": fait[1],
        "pour_qui": pour[0],
        "pour_qui_en": pour[1],
        "telephone": telephone,
        "source": CONNU,
        "certitude": "connue",
    }


def _regle(code: str, valeur: Any, unite: str, libelle: str, source: str, certitude: str) -> dict[str, Any]:
    return {
        "code": code,
        "valeur": valeur,
        "unite": unite,
        "libelle": libelle,
        "source": source,
        "certitude": certitude,
    }


PROGRAMMES: list[dict[str, Any]] = [
    _programme(
        "services_emploi",
        ("Services d'emploi de Services Québec", "Services Québec employment services"),
        ("Une personne vous aide à trouver un emploi ou une formation.", "Someone helps you find a job or training."),
        ("Si vous voulez travailler ou étudier.", "If you want to work or study."),
        "1 877 767-8773",
    ),
    _programme(
        "main_oeuvre_specialisee",
        ("Services spécialisés de main-d'œuvre", "Specialized employment services"),
        (
            "Un conseiller connaît les emplois adaptés aux limitations.",
            "A counsellor knows the jobs adapted to limitations.",
        ),
        ("Si un travail adapté vous intéresse.", "If adapted work interests you."),
        "1 877 767-8773",
    ),
    _programme(
        "rente_invalidite",
        ("Rente d'invalidité de Retraite Québec", "Retraite Québec disability pension"),
        ("Une rente, si vous avez cotisé par un emploi.", "A pension, if you paid into it through a job."),
        ("Si vous avez déjà travaillé.", "If you have worked before."),
        "1 800 463-5185",
    ),
    _programme(
        "services_sociaux",
        ("Services sociaux de votre région", "Social services in your area"),
        ("Du soutien chez vous, sans frais.", "Support at home, free of charge."),
        ("Si votre quotidien est difficile.", "If daily life is hard."),
        "811",
    ),
    _programme(
        "services_communautaires",
        ("Services communautaires près de chez vous", "Community services near you"),
        ("Nourriture, logement, transport, entraide.", "Food, housing, transport, mutual help."),
        ("Pour toute personne.", "For everyone."),
        "211",
    ),
]

REGLES_DECISION: list[dict[str, Any]] = [
    _regle(
        "qualite_part_evidents_pourcent",
        10,
        "pour cent",
        "Part des reconnaissances évidentes relues après coup, tirées au hasard",
        "Choix de conception",
        "choix",
    ),
    _regle("prb_mois_requis", 66, "mois", "Mois à compter vers le revenu de base", PRB, "vue"),
    _regle("prb_fenetre_mois", 72, "mois", "Derniers mois où ils se comptent", PRB, "vue"),
    _regle(
        "reexamen_avis_jours",
        30,
        "jours civils",
        "Combien de jours avant la date prévue le réexamen est à ouvrir",
        "Choix de conception",
        "choix",
    ),
]
