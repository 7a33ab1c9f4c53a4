"""Requêtes sur les dossiers. `visibles_par` est la seule façon de lister."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models

if TYPE_CHECKING:
    from comptes.models import Compte


class DossierQuerySet(models.QuerySet[Any]):
    """Ensemble de dossiers; tout ce qui se montre passe par `visibles_par`."""

    def visibles_par(self, personne: Compte, droit: str = "sommaire.lire") -> DossierQuerySet:
        """Dossiers que la personne peut voir au sens du droit donné, au moment de l'usage."""
        from dossiers import acces  # la matrice connaît les modèles; l'inverse ferait un cercle

        return acces.filtrer(self, personne, droit)

    def pour_file(self) -> DossierQuerySet:
        """Tri stable de toute file : échéance la plus proche, puis demande la plus ancienne."""
        return self.filter(fusionne_dans__isnull=True).order_by(
            models.F("avant_le").asc(nulls_last=True), models.F("depose_le").asc(nulls_last=True), "pk"
        )
