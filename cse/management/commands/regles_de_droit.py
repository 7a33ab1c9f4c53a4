"""`manage.py regles_de_droit [--verifier]` : écrit `docs/regles.md`, ou échoue s'il est périmé ou incomplet."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from importlib import import_module
from pathlib import Path
from typing import Any

from django.conf import settings

from referentiels import droit, usages
from referentiels.lignes import Certitude
from referentiels.semence import CONTENU
from socle.engendre import PageEngendree

TETE = """# Règles

Page engendrée par `manage.py regles_de_droit` : ne pas la modifier à la main.

Chaque délai, seuil et limite est une ligne datée, avec son unité, sa source et sa certitude. La valeur ci-dessous
est celle de départ; celle du jour, et son histoire, se lisent à `/reglages/regles/`. Une règle change par une
publication à deux personnes, après un essai à blanc, jamais dans le programme.

Les bornes éprouvées d'une règle : `veille`, `jour`, `lendemain` de son seuil; `ferme`, un dernier jour fermé;
`heure`, les deux changements d'heure; `cas`, pour une règle sans date, chaque condition qui, seule, change la réponse.
"""


class Command(PageEngendree):
    """Écrit ou vérifie la page des règles."""

    help = "Écrit docs/regles.md, ou vérifie qu'elle est à jour et que chaque règle de droit a ses essais."
    fichier = "regles.md"

    def handle(self, *args: Any, **options: Any) -> None:
        if options["verifier"] and (fautes := toutes_les_fautes()):
            self.stderr.write("\n".join(fautes))
            sys.exit(1)
        super().handle(*args, **options)

    def document(self) -> str:
        """La page : les règles de droit, puis chaque valeur datée."""
        return "\n".join([TETE, *_droit(), *_valeurs()]).rstrip() + "\n"


def _racine() -> Path:
    return Path(settings.BASE_DIR)


def _inscrites() -> tuple[droit.RegleDeDroit, ...]:
    """Les règles inscrites, tous les programmes qui en écrivent étant chargés : la page ne dépend pas du hasard."""
    for module in usages.modules_du_droit(_racine()):
        import_module(module)
    return droit.inscrites()


def toutes_les_fautes() -> list[str]:
    """Ce qui manque : bornes sans essai, règle lue nulle part, valeur inconnue citée par une règle de droit."""
    semees = {str(ligne["code"]) for ligne in CONTENU["Regle"]}
    inconnues = [
        f"La règle de droit « {une.code} » lit une valeur inconnue : « {code} »."
        for une in _inscrites()
        for code in une.regles
        if code not in semees
    ]
    essais = droit.essais_marques(_racine() / "tests")
    return [*droit.fautes(_inscrites(), essais), *inconnues, *usages.fautes(_lues())]


def _lues() -> dict[str, tuple[str, ...]]:
    return dict(usages.lectures_de_la_maison(_racine()))


def _droit() -> Iterable[str]:
    essais = droit.essais_marques(_racine() / "tests")
    yield "## Règles de droit\n"
    for une in _inscrites():
        yield f"### {une.titre} (`{une.code}`)\n"
        yield f"- Source : {une.source}."
        yield f"- Écrite dans `{une.fonction}`."
        if une.regles:
            yield f"- Valeurs lues : {', '.join(f'`{code}`' for code in une.regles)}."
        yield f"- Bornes exigées : {', '.join(une.exige)}."
        for essai in sorted((un for un in essais if un.code == une.code), key=lambda un: un.adresse):
            yield f"- Essai `{essai.adresse}` : {', '.join(essai.quand)}."
        yield ""


def _valeurs() -> Iterable[str]:
    lues = _lues()
    yield "## Valeurs datées\n"
    yield "| Code | Ce qu'elle règle | Au départ | Unité | Source | Certitude | Lue par |"
    yield "|---|---|---|---|---|---|---|"
    for ligne in sorted(CONTENU["Regle"], key=lambda une: str(une["code"])):
        code = str(ligne["code"])
        lecteurs = ", ".join(f"`{fichier}`" for fichier in lues[code])
        cases = (
            f"`{code}`",
            ligne["libelle"],
            f"`{json.dumps(ligne['valeur'], ensure_ascii=False)}`",
            ligne["unite"],
            ligne["source"],
            str(Certitude(ligne["certitude"]).label),
            lecteurs or f"informative : {usages.INFORMATIVES.get(code, '—')}",
        )
        yield f"| {' | '.join(str(case).replace('|', '/') for case in cases)} |"
