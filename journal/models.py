"""L'histoire du dossier et les consultations, en ajout seul.

Un déclencheur de PostgreSQL refuse toute modification et tout effacement; le rôle de
l'application n'a que le droit d'ajouter. Source : `conception.md` §5.
"""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models

AJOUT_SEUL: list[pgtrigger.Trigger] = [
    pgtrigger.Protect(name="ajout_seul", operation=pgtrigger.Update | pgtrigger.Delete)
]


class Entree(models.Model):
    """Une ligne d'histoire : un acte, une tentative refusée ou une consultation."""

    class Nature(models.TextChoices):
        ACTE = "acte", "Acte"
        TENTATIVE = "tentative", "Tentative refusée"
        CONSULTATION = "consultation", "Consultation"

    instant = models.DateTimeField()
    nature = models.CharField(max_length=12, choices=Nature.choices)
    acte = models.CharField(max_length=40)
    acteur = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=20, blank=True)
    dossier = models.ForeignKey("dossiers.Dossier", null=True, on_delete=models.PROTECT, related_name="histoire")
    demande_id = models.BigIntegerField(null=True)
    etat = models.CharField(max_length=40, blank=True)
    code_refus = models.CharField(max_length=40, blank=True)
    details = models.JSONField(default=dict, blank=True)
    cle = models.UUIDField("clé de soumission", null=True, unique=True)

    class Meta:
        ordering = ("-instant", "-pk")
        verbose_name = "entrée"
        indexes = (
            models.Index(fields=("dossier", "-instant", "-id"), name="journal_dossier_instant"),
            models.Index(fields=("acteur", "-instant"), name="journal_acteur_instant"),
        )
        triggers: ClassVar = AJOUT_SEUL

    def __str__(self) -> str:
        return f"{self.acte} ({self.nature})"


class Sceau(models.Model):
    """Maillon de la chaîne : scelle les lignes validées depuis le maillon précédent."""

    scelle_le = models.DateTimeField()
    premiere = models.BigIntegerField()
    derniere = models.BigIntegerField()
    nombre = models.PositiveIntegerField()
    empreinte = models.CharField(max_length=64)
    precedente = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ("pk",)
        verbose_name_plural = "sceaux"
        triggers: ClassVar = AJOUT_SEUL

    def __str__(self) -> str:
        return f"sceau {self.pk}"


class LigneScellee(models.Model):
    """Rattache une ligne à son sceau; une ligne absente d'ici n'est pas encore scellée."""

    entree = models.OneToOneField(Entree, on_delete=models.PROTECT, primary_key=True, related_name="scellee")
    sceau = models.ForeignKey(Sceau, on_delete=models.PROTECT, related_name="lignes")

    class Meta:
        triggers: ClassVar = AJOUT_SEUL

    def __str__(self) -> str:
        return f"ligne {self.pk}"
