from django.apps import AppConfig


class FormulairesConfig(AppConfig):
    name = "formulaires"
    verbose_name = "Formulaires"

    def ready(self) -> None:
        from django.db.models import Exists, OuterRef, Q

        from dossiers import acces
        from dossiers.models import Invitation
        from formulaires import actes, lecture
        from formulaires.models import Contribution

        assert actes  # noqa: S101 — garde l'import qui inscrit les actes
        acces.inscrire_fait(
            "delegue",
            lambda personne, le: Q(
                Exists(
                    Invitation.objects.filter(demande__dossier=OuterRef("pk"), declinee_le__isnull=True).filter(
                        lecture.delegation_en_cours(personne, le)
                    )
                )
            ),
        )
        acces.inscrire_fait(
            "contributeur",
            lambda personne, _le: Q(
                Exists(Contribution.objects.filter(demande__dossier=OuterRef("pk"), auteur=personne))
            ),
        )
