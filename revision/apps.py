from importlib import import_module

from django.apps import AppConfig


class RevisionConfig(AppConfig):
    name = "revision"
    verbose_name = "Révision"

    def ready(self) -> None:
        from decisions.actes.triage import inscrire_renversement
        from dossiers import echeances, travaux
        from revision import lecture, lettres, travail

        import_module("revision.actes")
        lettres.inscrire_modeles()
        echeances.inscrire(lecture.echeances_de_revision)
        inscrire_renversement(lecture.renversee)
        travaux.inscrire(travail.dossiers_en_revision, "constater_recours_direct")
