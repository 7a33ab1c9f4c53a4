"""SR-2100, substitut, SR-2105 et brouillons. Source : `domaine.md` §2; `cas/LISEZMOI.md`."""

from __future__ import annotations

import json
from datetime import date
from typing import Any, ClassVar

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from socle import horloge
from socle.champs import TexteChiffre


class RapportsAuDossier(models.Manager["RapportMedical"]):
    """Les rapports du dossier, sans ceux retirés : nul lecteur ne peut en lire un par oubli."""

    def get_queryset(self) -> models.QuerySet[RapportMedical]:
        return super().get_queryset().filter(retire_le__isnull=True)


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
    retire_le = models.DateTimeField("retiré le", null=True, blank=True)
    retire_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    motif_retrait = TexteChiffre("pourquoi il est retiré", blank=True, default="")

    objects = RapportsAuDossier()
    tous = models.Manager["RapportMedical"]()

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


class Contribution(models.Model):
    """Contribution signée d'un autre professionnel, au dossier à côté du SR-2100; jamais à sa place.

    `rang` la numérote dans le dossier : un avis la cite « contribution-<rang> ». Le contenu est un JSON canonique
    chiffré, figé à la signature avec son SHA-256. Source : étude SOM, solutions 65 à 67.
    """

    class Nature(models.TextChoices):
        FONCTIONNELLE = "fonctionnelle", "Contribution fonctionnelle"
        PSYCHOSOCIALE = "psychosociale", "Contribution psychosociale"

    dossier = models.ForeignKey("dossiers.Dossier", on_delete=models.PROTECT, related_name="contributions")
    demande = models.ForeignKey("dossiers.Demande", on_delete=models.PROTECT, related_name="contributions")
    rang = models.PositiveSmallIntegerField()
    nature = models.CharField(max_length=16, choices=Nature.choices)
    auteur = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="contributions")
    titre = models.CharField(max_length=60)
    permis = models.CharField(max_length=20, blank=True)
    signe_le = models.DateField()
    recue_le = models.DateTimeField()
    contenu_json = TexteChiffre()
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ("dossier", "rang")
        constraints = (models.UniqueConstraint(fields=("dossier", "rang"), name="rang_de_contribution"),)
        indexes = (models.Index(fields=("auteur", "demande"), name="contribution_auteur"),)
        # Le contenu chiffré peut être rechiffré d'une nouvelle clé; son SHA-256, lui, ne change plus.
        triggers: ClassVar = [
            pgtrigger.Protect(name="jamais_effacer", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="jamais_modifier", exclude=["contenu_json"]),
        ]

    def __str__(self) -> str:
        return f"contribution {self.rang} ({self.demande})"

    @property
    def code(self) -> str:
        """Le code qu'un avis cite."""
        return self.code_du_rang(self.rang)

    @staticmethod
    def code_du_rang(rang: int) -> str:
        """Le code qu'un avis cite, sans lire la contribution."""
        return f"contribution-{rang}"

    @property
    def nom(self) -> str:
        """« Contribution fonctionnelle 1 »."""
        return f"{self.get_nature_display()} {self.rang}"

    @property
    def nom_en(self) -> str:
        """« Functional contribution 1 », pour la lettre en anglais."""
        return (
            f"{'Functional' if self.nature == self.Nature.FONCTIONNELLE else 'Psychosocial'} contribution {self.rang}"
        )

    @property
    def contenu(self) -> dict[str, Any]:
        """Ce que le professionnel a constaté, par champ."""
        lu: dict[str, Any] = json.loads(self.contenu_json)
        return lu


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
        CONTRIBUTION = "contribution", "Contribution"

    demande = models.ForeignKey("dossiers.Demande", on_delete=models.CASCADE, related_name="brouillons")
    formulaire = models.CharField(max_length=16, choices=Formulaire.choices)
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


class AppelClinicien(models.Model):
    """Appel d'un clinicien à la ligne du CSEMS : par rôle seulement, sans nom, sans dossier, sans personne.

    `sujet` : code de la liste datée des sujets. Source : étude SOM, solutions 50 à 57.
    """

    class Qui(models.TextChoices):
        MEDECIN = "medecin", "Un médecin"
        IPS = "ips", "Une infirmière praticienne spécialisée"
        INFIRMIERE = "infirmiere", "Une infirmière"
        AUTRE = "autre", "Un autre professionnel"
        PERSONNEL = "personnel", "Le personnel d'une clinique"

    jour = models.DateField()
    qui = models.CharField(max_length=12, choices=Qui.choices)
    sujet = models.CharField(max_length=60)
    mal_compris = models.CharField(max_length=300, blank=True)
    reponse = models.CharField(max_length=600)
    note_par = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    note_le = models.DateTimeField()
    cle = models.UUIDField(null=True, blank=True, unique=True)

    class Meta:
        ordering = ("-note_le", "-pk")
        verbose_name = "appel d'un clinicien"
        indexes = (models.Index(fields=("jour", "sujet"), name="appel_clinicien_sujet"),)

    def __str__(self) -> str:
        return f"appel du {self.jour} ({self.sujet})"


class MesurePage(models.Model):
    """Combien de fois une page du SR-2100 a pris ce temps, ce jour-là : ni personne, ni dossier, ni contenu."""

    jour = models.DateField()
    page = models.CharField(max_length=16)
    tranche = models.CharField(max_length=8)
    nombre = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("jour", "page", "tranche")
        verbose_name = "mesure de page"
        constraints = (models.UniqueConstraint(fields=("jour", "page", "tranche"), name="une_mesure_par_tranche"),)

    def __str__(self) -> str:
        return f"{self.page} {self.tranche} ({self.jour})"
