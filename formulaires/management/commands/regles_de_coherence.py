"""`manage.py regles_de_coherence` : engendre `docs/regles-de-coherence.md` depuis la table des règles."""

from __future__ import annotations

from formulaires.coherence import REGLES, Gravite, Regle
from formulaires.saisie import TITRES
from socle.engendre import PageEngendree

SENS = {
    Gravite.BLOQUE: "Ce que la signature exige déjà; la page le demande avant de continuer.",
    Gravite.INTERROMPT: "Une contradiction : la page d'interruption demande de corriger ou de garder. Gardée, elle "
    "est dite à l'évaluateur. Seule `duree_incoherente` fait refuser l'acte qui ne la maintient pas.",
    Gravite.SUGGERE: "Ce que l'évaluateur pourrait chercher encore : une note discrète, jamais un refus.",
}


def _ligne(regle: Regle) -> str:
    element = f"`{regle.element}`" if regle.element else "—"
    juge = " ".join((regle.juge.__doc__ or "").split())
    cases = (
        f"`{regle.code}`",
        str(regle.version),
        TITRES[regle.page],
        juge,
        f"{regle.message}<br>{regle.message_en}",
        element,
        regle.source,
    )
    return f"| {' | '.join(case.replace('|', chr(92) + '|') for case in cases)} |"


def document() -> str:
    """Le document entier, en Markdown : une table par gravité."""
    lignes = [
        "# Règles de cohérence du SR-2100",
        "",
        "Engendré par `manage.py regles_de_coherence`; ne pas modifier à la main.",
        "",
        "Un mot entre accolades est un fait du rapport ou une valeur datée des référentiels.",
    ]
    for gravite, sens in SENS.items():
        lignes += ["", f"## {gravite.value.capitalize()}", "", sens, ""]
        lignes += [
            "| code | version | page | se déclenche | message | élément prévu | source |",
            "|---|---|---|---|---|---|---|",
        ]
        lignes += [_ligne(regle) for regle in REGLES if regle.gravite == gravite]
    return "\n".join([*lignes, ""])


class Command(PageEngendree):
    """Écrit la page, ou vérifie qu'elle est à jour (`--verifier`)."""

    help = "Engendre docs/regles-de-coherence.md depuis la table des règles."
    fichier = "regles-de-coherence.md"

    def document(self) -> str:
        return document()
