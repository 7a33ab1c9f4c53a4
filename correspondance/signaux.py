"""Le texte des signaux : le même pour tous, sans aucune donnée.

Source : `ecrans-et-lettres.md` C0bis. Ni nom, ni lettre, ni lien : un signal n'apprend rien
à qui le lit par-dessus l'épaule.
"""

from __future__ import annotations

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext

TELEPHONE_FICTIF = "1 800 555-0142"


def telephone() -> str:
    """Le numéro général imprimé sur les lettres et les signaux."""
    return str(getattr(settings, "CORRESPONDANCE_TELEPHONE", TELEPHONE_FICTIF))


def sujet(langue: str) -> str:
    """Objet du courriel, fixe."""
    with translation.override(langue):
        return gettext("Un nouveau message")


def corps(langue: str) -> str:
    """Texte du signal, fixe."""
    with translation.override(langue):
        return gettext(
            "Vous avez un nouveau message dans votre dossier. "
            "Allez à l'adresse que vous connaissez ou appelez le %(telephone)s."
        ) % {"telephone": telephone()}
