"""Les grilles d'évaluation de la démonstration : ce que chaque métier retient, dans un sens puis dans l'autre."""

from typing import Any

GRILLES: dict[str, dict[str, dict[str, Any]]] = {
    "reconnaitre": {
        "medecin": {
            "domaines": {"endurance": "grave", "concentration": "moderee"},
            "lignes": {
                "effet_cumulatif": {"reponse": "oui", "phrase": "Les problèmes s'aggravent l'un l'autre."},
                "traitement": {"reponse": "oui"},
                "pronostic": {"reponse": "non"},
            },
        },
        "specialiste": {
            "lignes": {
                "scolarite": {"reponse": "nuit"},
                "experience": {"reponse": "nuit", "phrase": "Les métiers déjà faits ne sont plus possibles."},
                "hors_emploi": {"reponse": "nuit", "phrase": "Longtemps hors emploi."},
                "soutien": {"reponse": "neutre"},
                "temps_plein": {"reponse": "non"},
                "capacite_soutenue": {"reponse": "non", "phrase": "Les bonnes journées ne se suivent pas."},
                "age": {"reponse": "non"},
            },
        },
    },
    "ne_pas_reconnaitre": {
        "medecin": {
            "domaines": {"endurance": "moderee"},
            "lignes": {
                "traitement": {"reponse": "inconnu", "phrase": "Le rapport ne dit pas ce qui a été essayé."},
                "pronostic": {"reponse": "inconnu"},
            },
        },
        "specialiste": {
            "lignes": {
                "experience": {"reponse": "aide", "phrase": "Expérience récente en bureau."},
                "hors_emploi": {"reponse": "neutre"},
                "temps_plein": {"reponse": "inconnu", "phrase": "Un poste assis à temps partiel n'est pas écarté."},
                "age": {"reponse": "non"},
            },
        },
    },
}
