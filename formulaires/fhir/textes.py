"""L'anglais du questionnaire, et les adresses de la maison.

Chaque texte anglais est rangé sous le texte français de l'écran : un libellé français changé laisse un
texte sans traduction, et un essai le dit.
"""

from __future__ import annotations

import re
from typing import Any

from django.conf import settings

LANGUES = {"fr": "fr-CA", "en": "en-CA"}
TRADUCTION = "http://hl7.org/fhir/StructureDefinition/translation"
# Système du numéro d'assurance maladie du Québec (registre canadien des systèmes d'identifiants).
SYSTEME_NAM = "https://fhir.infoway-inforoute.ca/NamingSystem/ca-qc-patient-healthcare-id"

TITRE = "Rapport médical (SR-2100)"
DESCRIPTION = (
    "Diagnostics, limitations, durée et suivi d'une personne qui demande la reconnaissance de contraintes sévères "
    "à l'emploi. La réponse devient un brouillon; le professionnel de la santé la relit et la signe à l'écran."
)
ANGLAIS = {
    TITRE: "Medical report (SR-2100)",
    DESCRIPTION: (
        "Diagnoses, limitations, duration and follow-up of a person asking for recognition of severely limited "
        "capacity for employment. The response becomes a draft; the health professional reviews and signs it on screen."
    ),
    "Patient": "Patient",
    "Diagnostics": "Diagnoses",
    "Limitations": "Limitations",
    "Durée et suivi": "Duration and follow-up",
    "C'est bien mon patient": "This is my patient",
    "Suivi depuis": "Followed since",
    "Le mois et l'année suffisent.": "Month and year are enough.",
    "Diagnostic principal": "Main diagnosis",
    "Diagnostic {n}": "Diagnosis {n}",
    "Code du diagnostic {n}": "Code of diagnosis {n}",
    "Ensemble, ces problèmes limitent plus que chacun pris seul": (
        "Together, these problems limit more than each one alone"
    ),
    "Un exemple, en une ligne": "One example, in one line",
    "marcher, rester debout, se pencher": "walking, standing, bending",
    "saisir, écrire, soulever": "grasping, writing, lifting",
    "tenir une journée, récupérer": "lasting through a day, recovering",
    "suivre une consigne, lire": "following an instruction, reading",
    "imprévus, pression": "unexpected events, pressure",
    "collègues, public, groupe": "co-workers, public, group",
    "horaires, repas, rendez-vous": "schedules, meals, appointments",
    "avec appareils s'il y en a": "with devices, if any",
    "Combien de temps ces limitations vont-elles durer?": "How long will these limitations last?",
    "Un nombre de mois": "A number of months",
    "Permanente": "Permanent",
    "Indéterminée : la fin n'est pas connue": "Undetermined: the end is not known",
    "Nombre de mois": "Number of months",
    "Quelle contrainte décrivez-vous?": "Which constraint are you describing?",
    "Temporaire": "Temporary",
    "Sévère": "Severe",
    "L'état s'est détérioré depuis le dernier rapport": "The condition has worsened since the last report",
    "Limitations présentes depuis": "Limitations present since",
    "Traitements essayés et leur effet": "Treatments tried and their effect",
    "Évolution attendue": "Expected course",
    "Autre chose d'utile à savoir": "Anything else useful to know",
    "Vous pouvez m'appeler": "You can call me",
    "Numéro et moments. Laissez vide si vous préférez écrire.": "Number and times. Leave blank if you prefer to write.",
}


def adresse(*suite: str) -> str:
    """Adresse canonique de la maison : celle de l'installation, puis `fhir` et la suite."""
    return "/".join((str(settings.ADRESSE_PUBLIQUE).rstrip("/"), "fhir", *suite))


def systeme(nom: str) -> str:
    """Adresse d'un système de codes du SR-2100 (`niveau`, `contrainte`, `duree`, `principal`, `domaine`)."""
    return adresse("CodeSystem", f"sr2100-{nom}")


def anglais(francais: str) -> str:
    """Le texte anglais d'un texte de l'écran, ou une chaîne vide; le rang d'un diagnostic n'entre pas dans la clé."""
    if francais in ANGLAIS:
        return ANGLAIS[francais]
    rang = re.search(r"\d+", francais)
    modele = ANGLAIS.get(re.sub(r"\d+", "{n}", francais), "")
    return modele.format(n=rang[0]) if rang else modele


def dire(nom: str, francais: str, langue: str, en: str = "") -> dict[str, Any]:
    """L'élément `nom` dans `langue`, et l'autre langue par l'extension `translation` de FHIR.

    Sans anglais, le français tient lieu des deux, comme partout ailleurs.
    """
    textes = {"fr": francais, "en": en or anglais(francais)}
    if not textes["en"]:
        return {nom: francais}
    autre = "en" if langue == "fr" else "fr"
    traduit = {
        "url": TRADUCTION,
        "extension": [{"url": "lang", "valueCode": LANGUES[autre]}, {"url": "content", "valueString": textes[autre]}],
    }
    return {nom: textes[langue], f"_{nom}": {"extension": [traduit]}}
