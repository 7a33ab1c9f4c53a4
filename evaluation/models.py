"""Avis des évaluateurs et concertation. Source : `conception.md` §3; `cas/LISEZMOI.md`, « Avis et décision »."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from socle.champs import TexteChiffre


class Metier(models.TextChoices):
    """Métier d'un évaluateur; un de chaque évalue ensemble."""

    MEDECIN = "medecin", "Médecin"
    SPECIALISTE = "specialiste", "Spécialiste en évaluation socioprofessionnelle"


class Avis(models.Model):
    """Avis signé d'un évaluateur; il se renouvelle jusqu'à la conclusion, sans effacer le précédent."""

    class Recommandation(models.TextChoices):
        RECONNAITRE = "reconnaitre", "Reconnaître"
        NE_PAS_RECONNAITRE = "ne_pas_reconnaitre", "Ne pas reconnaître"
        RENSEIGNEMENT = "renseignement", "Demander un renseignement"

    demande = models.ForeignKey("dossiers.Demande", on_delete=models.PROTECT, related_name="avis")
    auteur = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    metier = models.CharField(max_length=12, choices=Metier.choices)
    tiers = models.BooleanField(default=False)
    version = models.PositiveSmallIntegerField()
    questions = models.JSONField()
    raisons_json = TexteChiffre("raisons par question, en JSON", default="{}", blank=True)
    texte = TexteChiffre()
    citations_json = TexteChiffre("citations par question, en JSON", default="", blank=True)
    pieces_citees = ArrayField(models.CharField(max_length=160))
    recommandation = models.CharField(max_length=20, choices=Recommandation.choices)
    rendu_le = models.DateTimeField()
    grille_json = TexteChiffre("réponses de la grille, en JSON", default="{}", blank=True)
    grille_du = models.DateField("définition de la grille en vigueur le", null=True, blank=True)

    class Meta:
        ordering = ("demande", "pk")
        verbose_name_plural = "avis"
        constraints = (models.UniqueConstraint(fields=("demande", "auteur", "version"), name="version_d_avis"),)

    def __str__(self) -> str:
        return f"avis de {self.auteur} ({self.demande})"

    @property
    def raisons(self) -> dict[str, str]:
        """La raison donnée à chaque question, telle que la personne la lira; vide si aucune."""
        lues: dict[str, str] = json.loads(self.raisons_json)
        return lues

    @property
    def grille(self) -> dict[str, Any]:
        """Réponses de la grille et les mots de sa définition d'alors (`evaluation.grille`); vide si aucune."""
        lue: dict[str, Any] = json.loads(self.grille_json)
        return lue

    @property
    def citations(self) -> list[dict[str, Any]]:
        """Les pages citées à l'appui de chaque réponse (`evaluation.citations`); vide si aucune."""
        lues: list[dict[str, Any]] = json.loads(self.citations_json) if self.citations_json else []
        return lues


class Concertation(models.Model):
    """Issue d'une concertation : accord, ou désaccord gardé au dossier."""

    demande = models.ForeignKey("dossiers.Demande", on_delete=models.PROTECT, related_name="concertations")
    tour = models.PositiveSmallIntegerField()
    accord = models.BooleanField()
    par = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    le = models.DateTimeField()
    note = TexteChiffre(blank=True, default="")
    par_question_json = TexteChiffre("accord ou dissidence par question, en JSON", default="{}", blank=True)

    class Meta:
        ordering = ("demande", "pk")

    def __str__(self) -> str:
        return f"concertation ({self.demande})"

    @property
    def par_question(self) -> dict[str, dict[str, Any]]:
        """`{question: {"accord": bool, "commentaire": str}}`; vide si rien n'est dit question par question."""
        lu: dict[str, dict[str, Any]] = json.loads(self.par_question_json)
        return lu


class BrouillonAvis(models.Model):
    """Réponses gardées avant de rendre l'avis; l'autre évaluateur ne les voit pas."""

    demande = models.ForeignKey("dossiers.Demande", on_delete=models.CASCADE, related_name="brouillons_avis")
    auteur = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    contenu_json = TexteChiffre(default="{}")
    version = models.PositiveIntegerField(default=0)
    modifie_le = models.DateTimeField()

    class Meta:
        ordering = ("-modifie_le",)
        verbose_name = "brouillon d'avis"
        verbose_name_plural = "brouillons d'avis"
        constraints = (models.UniqueConstraint(fields=("demande", "auteur"), name="un_brouillon_d_avis"),)

    def __str__(self) -> str:
        return f"brouillon d'avis ({self.demande})"

    @property
    def contenu(self) -> dict[str, Any]:
        """Réponses, raisons, texte, recommandation et citations gardés jusqu'ici."""
        lu: dict[str, Any] = json.loads(self.contenu_json)
        return lu
