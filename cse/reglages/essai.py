"""Réglages des essais : les mêmes gardes que la production, sans réseau ni attente."""

from cse.demarrage.postgres import connexion_embarquee
from cse.reglages.base import *  # noqa: F403
from cse.reglages.base import TEMPLATES, base_de_donnees, base_nommee, env

# Valeurs fixes : elles ne protègent rien hors des essais.
SECRET_KEY = "essai-seulement-" + "x" * 48
CLES_CHIFFREMENT = ["ZXNzYWktc2V1bGVtZW50LWVzc2FpLXNldWxlbWVudC0="]
CLE_EMPREINTE = "essai-seulement-empreinte"

ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
SECOND_FACTEUR_IMPOSE = env.bool("SECOND_FACTEUR_IMPOSE", default=False)
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True

DATABASES = {"default": base_nommee() or base_de_donnees(connexion_embarquee("proprietaire"))}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "quarantaine": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CELERY_TASK_ALWAYS_EAGER = False
TRAVAIL_INTEGRE = False
AXES_ENABLED = env.bool("AXES_ENABLED", default=True)
TEMPLATES[0]["OPTIONS"]["debug"] = True
