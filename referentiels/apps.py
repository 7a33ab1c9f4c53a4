"""L'app des référentiels : règles datées, calendrier, listes de codes, identifiants."""

from django.apps import AppConfig


class ReferentielsConfig(AppConfig):
    name = "referentiels"
    verbose_name = "Référentiels"
    default_auto_field = "django.db.models.BigAutoField"
