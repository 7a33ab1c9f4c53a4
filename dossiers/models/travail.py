"""Le travail d'une équipe sur ses dossiers : doublons réunis, conflits d'intérêts, filtres gardés."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from dossiers.models.dossier import Dossier
from socle.champs import TexteChiffre

FILTRES_MAX = 20  # filtres gardés par une personne


class Fusion(models.Model):
    """Deux dossiers d'une même personne : proposés par un agent, réunis ou écartés par le chef, défaits au besoin.

    Aucune ligne ne change de dossier : `Dossier.fusionne_dans` mène de `source` à `cible`, et cette ligne dit
    pourquoi, par qui et quand. `retenue` nul : le chef n'a pas tranché.
    """

    source = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="fusions")
    cible = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="fusions_recues")
    motif = TexteChiffre("ce qui montre que c'est la même personne")
    proposee_par = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposee_le = models.DateTimeField()
    retenue = models.BooleanField(null=True, blank=True, default=None)
    decidee_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decidee_le = models.DateTimeField(null=True, blank=True)
    defaite_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    defaite_le = models.DateTimeField(null=True, blank=True)
    raison = TexteChiffre("pourquoi écartée, ou défaite", blank=True, default="")

    class Meta:
        ordering = ("source", "pk")
        constraints = (
            models.CheckConstraint(name="fusion_de_deux", condition=~Q(source=F("cible"))),
            models.UniqueConstraint(
                fields=("source",),
                name="une_fusion_vivante",
                condition=Q(defaite_le__isnull=True) & (Q(retenue__isnull=True) | Q(retenue=True)),
            ),
        )

    def __str__(self) -> str:
        return f"{self.source} dans {self.cible}"


class ConflitInteret(models.Model):
    """Une personne qui ne doit ni voir ni traiter ce dossier : elle le dit, le chef peut le lever.

    Distinct de `Participation`, qui interdit de réviser ce qu'on a soi-même décidé.
    """

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="conflits")
    compte = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="conflits")
    motif = TexteChiffre("lien avec la personne", blank=True, default="")
    declare_le = models.DateTimeField()
    leve_le = models.DateTimeField(null=True, blank=True)
    leve_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ("dossier", "pk")
        verbose_name = "conflit d'intérêts"
        verbose_name_plural = "conflits d'intérêts"
        constraints = (
            models.UniqueConstraint(
                fields=("compte", "dossier"), name="un_conflit_vivant", condition=Q(leve_le__isnull=True)
            ),
        )

    def __str__(self) -> str:
        return f"conflit d'intérêts ({self.dossier})"


class FiltreEnregistre(models.Model):
    """Un filtre de la file, gardé par la personne qui l'a fait : des codes et des numéros, jamais un nom cherché."""

    compte = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="filtres")
    nom = models.CharField(max_length=60)
    criteres = models.JSONField(default=dict)
    cree_le = models.DateTimeField()

    class Meta:
        ordering = ("compte", "nom")
        verbose_name = "filtre enregistré"
        verbose_name_plural = "filtres enregistrés"
        constraints = (models.UniqueConstraint(fields=("compte", "nom"), name="un_filtre_par_nom"),)

    def __str__(self) -> str:
        return self.nom
