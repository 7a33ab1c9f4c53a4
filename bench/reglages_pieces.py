"""Réglages du serveur que le banc mesure pour les pièces : les fichiers sur disque, le travail dans le web."""

import os

from cse.reglages.essai import *  # noqa: F403 — Django lit les noms du module : tous passent

_LIEU = os.environ["BANC_PIECES"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": f"{_LIEU}/pieces"}},
    "quarantaine": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": f"{_LIEU}/quarantaine"},
    },
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
CELERY_BEAT_SCHEDULE_FILENAME = f"{_LIEU}/beat"
TRAVAIL_INTEGRE = True
