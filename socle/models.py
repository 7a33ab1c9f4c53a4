"""Ce que la maison garde d'elle-même : le passage des travaux planifiés."""

from __future__ import annotations

from typing import Any

from django.db import models


class Passage(models.Model):
    """Un travail planifié, un jour : quand il a tourné, ce qu'il a fait, ce qui a échoué.

    Une ligne par travail et par jour civil : c'est elle qui dit ce qui reste à rattraper. `fin` vide : en cours,
    ou interrompu. `echecs` nomme un objet par sa référence et l'erreur par sa classe; jamais un contenu.
    """

    travail = models.CharField(max_length=60)
    jour = models.DateField()
    debut = models.DateTimeField("dernier début")
    fin = models.DateTimeField("dernière fin", null=True, blank=True)
    executions = models.PositiveIntegerField("exécutions du jour", default=1)
    faits = models.PositiveIntegerField("gestes faits ce jour", default=0)
    erreurs = models.PositiveIntegerField("échecs de la dernière exécution", default=0)
    echecs: models.JSONField[list[dict[str, Any]], list[dict[str, Any]]] = models.JSONField(default=list, blank=True)
    jours_manques = models.PositiveIntegerField("jours rattrapés", default=0)

    class Meta:
        ordering = ("travail", "-jour")
        constraints = (models.UniqueConstraint(fields=("travail", "jour"), name="un_passage_par_jour"),)

    def __str__(self) -> str:
        return f"{self.travail} ({self.jour})"
