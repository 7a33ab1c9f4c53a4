"""Réglages d'un travailleur qui meurt juste après avoir remis un envoi, avant de le noter (F01)."""

from cse.reglages.essai import *  # noqa: F403 - une variante des réglages d'essai

_MEURT = "tests.correspondance.fournisseurs_essai.TueApres"
CORRESPONDANCE_FOURNISSEURS = {"poste": _MEURT, "portail": _MEURT, "courriel": _MEURT, "texto": _MEURT}
