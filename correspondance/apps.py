from django.apps import AppConfig


class CorrespondanceConfig(AppConfig):
    name = "correspondance"
    verbose_name = "Correspondance"
