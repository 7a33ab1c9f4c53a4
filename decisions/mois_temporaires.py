"""Bornes, en mois, d'une contrainte temporaire : lues des règles datées.

Source : Loi sur l'aide aux personnes et aux familles, art. 53 (au moins un mois).
"""

from __future__ import annotations

from datetime import date

from django import forms

from referentiels import lecture as referentiels


def minimum(le: date) -> int:
    """Durée minimale, en mois, le jour `le` (règle `contrainte_temporaire_min_mois`)."""
    return int(referentiels.regle("contrainte_temporaire_min_mois", le))


def maximum(le: date) -> int:
    """Nombre de mois au-delà duquel on tient la saisie pour une faute de frappe (`temporaire_saisie_max_mois`)."""
    return int(referentiels.regle("temporaire_saisie_max_mois", le))


def champ(etiquette: str, le: date, *, requis: bool = False) -> forms.IntegerField:
    """Champ d'un nombre de mois, entre les bornes du jour `le`; facultatif, sauf `requis`."""
    plus_petit, plus_grand = minimum(le), maximum(le)
    return forms.IntegerField(
        label=etiquette,
        required=requis,
        min_value=plus_petit,
        max_value=plus_grand,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "largeur-4"}),
        error_messages={
            "required": "Écrivez pour combien de mois.",
            "invalid": "Écrivez un nombre de mois, par exemple 4.",
            "min_value": f"Écrivez au moins {plus_petit} mois.",
            "max_value": f"{plus_grand} mois au plus.",
        },
    )
