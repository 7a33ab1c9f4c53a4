"""SR-2100, substitut, SR-2105 et brouillons. Source : `domaine.md` §2; `cas/LISEZMOI.md`."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from socle import horloge
from socle.champs import TexteChiffre


class RapportMedical(models.Model):
    """SR-2100 signé. Un second rapport est toujours reçu : une version nouvelle, jamais une correction.

    Le contenu est un JSON canonique chiffré; son SHA-256 est calculé à la signature et ne change plus.
    """

    class Origine(models.TextChoices):
        EN_LIGNE = "en_ligne", "Signé en ligne"
        PAPIER = "papier", "Saisi depuis le papier"
        COMPLEMENT = "complement", "Complété par une réponse"

    demande = models.ForeignKey("dossiers.Demande", on_delete=models.PROTECT, related_name="rapports")
    version = models.PositiveSmallIntegerField()
    signataire = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="rapports")
    titre = models.CharField(max_length=60, blank=True)
    permis = models.CharField(max_length=20, blank=True)
    signe_le = models.DateField()
    recu_le = models.DateTimeField()
    origine = models.CharField(max_length=12, choices=Origine.choices)
    saisi_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    contenu_json = TexteChiffre()
    sha256 = models.CharField(max_length=64)
    contrainte = models.CharField(max_length=12)
    deterioration = models.BooleanField(default=False)
    avertissements = ArrayField(models.CharField(max_length=40), default=list, blank=True)

    class Meta:
        ordering = ("demande", "version")
        verbose_name = "rapport médical"
        constraints = (models.UniqueConstraint(fields=("demande", "version"), name="version_de_rapport"),)

    def __str__(self) -> str:
        return f"SR-2100 v{self.version} ({self.demande})"

    @property
    def contenu(self) -> dict[str, Any]:
        """Contenu signé : diagnostics, limitations, durée, contrainte, effet cumulatif, justification…"""
        lu: dict[str, Any] = json.loads(self.contenu_json)
        return lu


class Substitut(models.Model):
    """Rapport d'un autre organisme, ou exemption, qui tient lieu de SR-2100; citable par les évaluateurs."""

    class Nature(models.TextChoices):
        AUTRE_ORGANISME = "rapport_autre_organisme", "Rapport fait pour un autre organisme"
        EXEMPTION = "exemption", "Exemption"

    demande = models.ForeignKey("dossiers.Demande", on_delete=models.PROTECT, related_name="substituts")
    nature = models.CharField(max_length=24, choices=Nature.choices)
    date = models.DateField()
    justification = models.TextField()
    par = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recu_le = models.DateTimeField()

    class Meta:
        ordering = ("demande", "pk")

    def __str__(self) -> str:
        return f"substitut ({self.demande})"


class SR2105(models.Model):
    """Renseignements complémentaires, au dossier; celui d'une demande antérieure compte tant qu'il n'est pas changé."""

    dossier = models.ForeignKey("dossiers.Dossier", on_delete=models.PROTECT, related_name="sr2105")
    version = models.PositiveSmallIntegerField()
    contenu_json = TexteChiffre()
    depose_par = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    depose_le = models.DateTimeField()

    class Meta:
        ordering = ("dossier", "version")
        verbose_name = "SR-2105"
        verbose_name_plural = "SR-2105"
        constraints = (models.UniqueConstraint(fields=("dossier", "version"), name="version_de_sr2105"),)

    def __str__(self) -> str:
        return f"SR-2105 v{self.version} ({self.dossier})"

    @property
    def contenu(self) -> dict[str, Any]:
        """Réponses de la personne, par thème."""
        lu: dict[str, Any] = json.loads(self.contenu_json)
        return lu


class Brouillon(models.Model):
    """Brouillon gardé 60 jours; l'expiration est dite à l'écran. Hors de la machine à états."""

    class Formulaire(models.TextChoices):
        SR2100 = "sr2100", "SR-2100"
        SR2105 = "sr2105", "SR-2105"

    demande = models.ForeignKey("dossiers.Demande", on_delete=models.CASCADE, related_name="brouillons")
    formulaire = models.CharField(max_length=8, choices=Formulaire.choices)
    pour = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="brouillons")
    modifie_par = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    contenu_json = TexteChiffre(default="{}")
    version = models.PositiveIntegerField(default=0)
    modifie_le = models.DateTimeField(default=horloge.maintenant)
    expire_le = models.DateField()

    class Meta:
        ordering = ("-modifie_le",)
        constraints = (
            models.UniqueConstraint(fields=("demande", "formulaire", "pour"), name="un_brouillon_par_personne"),
        )

    def __str__(self) -> str:
        return f"brouillon {self.formulaire} ({self.demande})"

    @property
    def contenu(self) -> dict[str, Any]:
        """Réponses gardées jusqu'ici."""
        lu: dict[str, Any] = json.loads(self.contenu_json)
        return lu

    def est_expire(self, le: date) -> bool:
        """Vrai après le dernier jour de garde."""
        return le > self.expire_le
