from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.apps import AppConfig

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from django.db.models import Q

    from comptes.models import Compte


def _au_dossier(modele: Any) -> Callable[[Compte, date], Q]:
    """Le fait qu'un document de ce modèle est au dossier, quelle que soit la personne."""
    from django.db.models import Exists, OuterRef, Q

    return lambda _personne, _le: Q(Exists(modele.objects.filter(demande__dossier=OuterRef("pk"))))


class FormulairesConfig(AppConfig):
    name = "formulaires"
    verbose_name = "Formulaires"

    def ready(self) -> None:
        from django.db.models import Exists, OuterRef, Q

        from dossiers import acces, travaux
        from dossiers.models import Invitation
        from formulaires import actes, lecture
        from formulaires.models import Contribution, Substitut

        assert actes  # noqa: S101 — garde l'import qui inscrit les actes
        travaux.inscrire(actes.echus.a_effacer, "effacer_brouillons")
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
            lambda personne, _le: Q(Exists(Contribution.objects.filter(dossier=OuterRef("pk"), auteur=personne))),
        )
        for fait, modele in (("substitut_recu", Substitut), ("contribution_signee", Contribution)):
            acces.inscrire_fait(fait, _au_dossier(modele))
