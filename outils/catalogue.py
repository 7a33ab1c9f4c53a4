"""Compiler le catalogue anglais : `python -m outils.catalogue`, après avoir changé `locale/en/LC_MESSAGES/django.po`.

Le `.mo` est au dépôt : une installation n'a pas besoin des outils gettext. Un essai refuse un `.mo` périmé.
"""

from __future__ import annotations

from pathlib import Path

import polib

CATALOGUE = Path(__file__).resolve().parent.parent / "locale" / "en" / "LC_MESSAGES" / "django.po"


def compiler(source: Path = CATALOGUE) -> Path:
    """Range les textes en ordre, récrit le `.po` et écrit le `.mo` à côté; rend le chemin du `.mo`."""
    catalogue = polib.pofile(str(source), wrapwidth=0)
    catalogue.sort(key=lambda texte: texte.msgid)
    catalogue.save()
    compile_ = source.with_suffix(".mo")
    catalogue.save_as_mofile(str(compile_))
    return compile_


if __name__ == "__main__":
    compiler()
