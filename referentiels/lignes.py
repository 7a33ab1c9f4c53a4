"""Ce que toute ligne datée des référentiels a en commun : période, source, certitude, jamais effacée.

Source : `conception.md` §4.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar, Self

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import get_language


class Certitude(models.TextChoices):
    """Degré de certitude d'une valeur."""

    VUE = "vue", "Lue dans la source"
    CONNUE = "connue", "Connaissance générale, non vérifiée"
    INCERTAINE = "incertaine", "Douteuse, à vérifier"
    CHOIX = "choix", "Choix de conception, réglable"
    DEMONSTRATION = "demonstration", "Inventée pour la démonstration"


class LigneDateeQuerySet(models.QuerySet[Any]):
    """Requêtes communes à toutes les lignes datées."""

    def retenues(self) -> Self:
        """Lignes qui font foi : celles qu'aucune publication n'a remplacées."""
        return self.filter(remplacee_le__isnull=True)

    def en_vigueur(self, le: dt.date) -> Self:
        """Lignes en vigueur le jour `le`, bornes comprises."""
        ouverte = Q(en_vigueur_au__isnull=True) | Q(en_vigueur_au__gte=le)
        return self.retenues().filter(ouverte, en_vigueur_du__lte=le)


class LigneDatee(models.Model):
    """Une ligne en vigueur du … au … (bornes comprises; sans fin si `en_vigueur_au` est vide).

    Deux lignes retenues d'un même code ne se chevauchent jamais (contrainte en base).
    `remplacee_le` marque une ligne qu'une publication rétroactive a remplacée : elle reste,
    pour dire ce qui faisait foi avant.
    """

    code = models.CharField("code", max_length=60)
    source = models.CharField("source", max_length=300)
    certitude = models.CharField("certitude", max_length=14, choices=Certitude)
    en_vigueur_du = models.DateField("en vigueur du")
    en_vigueur_au = models.DateField("en vigueur au", null=True, blank=True)
    remplacee_le = models.DateTimeField("remplacée le", null=True, blank=True, editable=False)

    objects = LigneDateeQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints: ClassVar[list[models.BaseConstraint] | tuple[models.BaseConstraint, ...]] = (
            models.CheckConstraint(
                condition=Q(en_vigueur_au__isnull=True) | Q(en_vigueur_au__gte=F("en_vigueur_du")),
                name="%(class)s_periode_ordonnee",
            ),
            ExclusionConstraint(
                name="%(class)s_sans_chevauchement",
                expressions=[
                    ("code", RangeOperators.EQUAL),
                    (
                        Func(
                            F("en_vigueur_du"),
                            F("en_vigueur_au"),
                            Value("[]"),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(remplacee_le__isnull=True),
                violation_error_message="Une autre ligne de ce code est déjà en vigueur dans cette période.",
            ),
        )
        triggers: ClassVar = [
            pgtrigger.Protect(name="jamais_effacer", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="jamais_modifier", exclude=["en_vigueur_au", "remplacee_le"]),
        ]

    def __str__(self) -> str:
        fin = self.en_vigueur_au.isoformat() if self.en_vigueur_au else "…"
        return f"{self.code} ({self.en_vigueur_du.isoformat()} → {fin})"

    def vaut_le(self, le: dt.date) -> bool:
        """Vrai si la ligne est en vigueur le jour `le`."""
        return self.en_vigueur_du <= le and (self.en_vigueur_au is None or le <= self.en_vigueur_au)

    def dit(self, champ: str, langue: str | None = None) -> str:
        """Texte de `champ` en `langue` (« fr » ou « en »; langue active par défaut).

        Un texte anglais absent retombe sur le français.
        """
        if (langue or get_language() or "fr").startswith("en"):
            anglais = getattr(self, f"{champ}_en", "")
            if anglais:
                return str(anglais)
        return str(getattr(self, champ))


class EntreeDeListe(LigneDatee):
    """Une entrée d'une liste de codes, montrée aux personnes dans l'ordre de `rang`."""

    libelle = models.CharField("libellé", max_length=200)
    libelle_en = models.CharField("libellé anglais", max_length=200, blank=True)
    rang = models.PositiveSmallIntegerField("rang", default=0)

    class Meta(LigneDatee.Meta):
        abstract = True
        ordering = ("rang", "code", "en_vigueur_du")
