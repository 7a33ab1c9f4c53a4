"""Qui répond quand ça presse : la garde d'un bureau, un signalement sans dossier; et les besoins de communication.

Source : `docs/rencontres.md`.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from dossiers.models.dossier import Dossier
from socle.champs import TexteChiffre


class Garde(models.Model):
    """Qui, ce jour-là, répond le jour même des détresses signalées à ce bureau."""

    bureau = models.ForeignKey("comptes.Bureau", on_delete=models.CASCADE, related_name="gardes")
    jour = models.DateField()
    compte = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="gardes")

    class Meta:
        ordering = ("bureau", "jour")
        constraints = (models.UniqueConstraint(fields=("bureau", "jour"), name="une_garde_par_jour"),)

    def __str__(self) -> str:
        return f"garde du {self.jour}"


class Signalement(models.Model):
    """Une détresse signalée sans dossier que l'on puisse voir : elle va quand même à une personne nommée.

    `reference` : le numéro écrit, tel quel; qui signale n'apprend pas s'il existe. `cle` : un même envoi, une ligne.
    """

    signale_par = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reference = TexteChiffre("numéro écrit", blank=True, default="")
    precision = TexteChiffre("ce qu'il faut savoir pour rappeler", blank=True, default="")
    le = models.DateTimeField()
    pour = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    cle = models.UUIDField(unique=True)
    close_le = models.DateTimeField(null=True, blank=True)
    close_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    note = TexteChiffre("ce qui a été fait", blank=True, default="")

    class Meta:
        ordering = ("pk",)
        indexes = (models.Index(fields=("pour", "id"), name="signalement_ouvert", condition=Q(close_le__isnull=True)),)

    def __str__(self) -> str:
        return f"signalement {self.pk}"


class Besoin(models.Model):
    """Ce qu'il faut à la personne pour se comprendre; en tête du dossier jusqu'à ce qu'il soit retiré."""

    class Genre(models.TextChoices):
        INTERPRETE = "interprete", "Interprète"
        LSQ = "lsq", "Langue des signes"
        GROS_CARACTERES = "gros_caracteres", "Gros caractères"
        RAPPEL_TEXTO = "rappel_texto", "Joindre par texto"
        LECTURE_ORALE = "lecture_orale", "Lire de vive voix"
        AUTRE = "autre", "Autre besoin"

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="besoins")
    genre = models.CharField(max_length=16, choices=Genre.choices)
    precision = models.CharField("précision", max_length=120, blank=True, default="")
    du = models.DateTimeField()
    note_par = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    au = models.DateTimeField(null=True, blank=True)
    retire_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ("dossier", "pk")
        constraints = (
            models.UniqueConstraint(fields=("dossier", "genre"), name="un_besoin_vivant", condition=Q(au__isnull=True)),
        )

    def __str__(self) -> str:
        return f"{self.get_genre_display()}{f' : {self.precision}' if self.precision else ''}"
