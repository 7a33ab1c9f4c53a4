"""Une personne nommée publie une règle à la place d'une autre, absente, pour un temps dit.

Source : `conception.md` §4 (publier à deux personnes).
"""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q


class DelegationQuerySet(models.QuerySet["Delegation"]):
    """Requêtes sur les délégations."""

    def vivantes(self, le: dt.date) -> DelegationQuerySet:
        """Délégations en cours le jour `le`, bornes comprises, non révoquées."""
        return self.filter(du__lte=le, au__gte=le, revoquee_le__isnull=True)


class Delegation(models.Model):
    """Le délégué publie au nom du titulaire, du premier au dernier jour. Jamais effacée; elle se révoque."""

    titulaire = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="titulaire absent"
    )
    delegue = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="personne déléguée"
    )
    du = models.DateField("premier jour")
    au = models.DateField("dernier jour")
    motif = models.CharField("motif", max_length=300)
    nommee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="nommée par"
    )
    nommee_le = models.DateTimeField("nommée le")
    revoquee_le = models.DateTimeField("révoquée le", null=True, blank=True)

    objects = DelegationQuerySet.as_manager()

    class Meta:
        ordering = ("-du", "-pk")
        verbose_name = "délégation"
        constraints = (
            models.CheckConstraint(condition=Q(au__gte=F("du")), name="delegation_periode_ordonnee"),
            models.CheckConstraint(condition=~Q(titulaire=F("delegue")), name="delegation_deux_personnes"),
        )
        triggers: ClassVar = [
            pgtrigger.Protect(name="jamais_effacer", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="jamais_modifier", exclude=["revoquee_le"]),
        ]

    def __str__(self) -> str:
        return f"du {self.du.isoformat()} au {self.au.isoformat()}"
