"""Se parler : les rencontres d'une personne avec l'équipe de son dossier, et leurs créneaux.

Source : `docs/rencontres.md`; étude SOM, obstacles 19 à 24.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value

from dossiers.models.demande import Demande
from dossiers.models.dossier import Dossier
from socle.champs import TexteChiffre

CRENEAUX_MAX = 5  # proposés à la fois
# Retenu, et pas retiré depuis : un rendez-vous qui tient. Retiré après coup, il reste pour l'agenda à défaire.
QUI_TIENT = Q(retenu=True, retire=False)


class Rencontre(models.Model):
    """Un appel ou une rencontre. L'état de la demande n'en dépend jamais.

    `hote` : qui a proposé et tiendra la rencontre. `sequence` monte à chaque changement que l'agenda doit apprendre.
    """

    class Etat(models.TextChoices):
        OFFERTE = "offerte", "Offerte"
        DEMANDEE = "demandee", "Demandée"
        PROPOSEE = "proposee", "Moments proposés"
        CONFIRMEE = "confirmee", "Confirmée"
        TENUE = "tenue", "Tenue"
        ANNULEE = "annulee", "Annulée"

    class Mode(models.TextChoices):
        TELEPHONE = "telephone", "Au téléphone"
        VIDEO = "video", "Par vidéo"
        BUREAU = "bureau", "À un bureau"
        AGENT_MOBILE = "agent_mobile", "Un agent se déplace"
        POSTE_ORGANISME = "poste_organisme", "À l'ordinateur d'un organisme"

    class Avec(models.TextChoices):
        AGENT = "agent", "L'agent du bureau"
        CSEMS = "csems", "Le centre d'évaluation"

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="rencontres")
    demande = models.ForeignKey(Demande, null=True, blank=True, on_delete=models.PROTECT, related_name="rencontres")
    avec = models.CharField(max_length=8, choices=Avec.choices, default=Avec.AGENT)
    mode = models.CharField(max_length=16, choices=Mode.choices, default=Mode.TELEPHONE)
    etat = models.CharField("état", max_length=10, choices=Etat.choices, default=Etat.OFFERTE)
    precision = TexteChiffre("ce que la personne en dit", blank=True, default="")
    accompagnant = TexteChiffre("qui l'accompagne", blank=True, default="")
    interprete = models.CharField("langue de l'interprète", max_length=60, blank=True, default="")
    lieu = TexteChiffre("lieu, numéro ou lien", blank=True, default="")
    hote = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    note = TexteChiffre("ce qui s'est dit", blank=True, default="")
    raison = TexteChiffre("pourquoi annulée", blank=True, default="")
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sequence = models.PositiveSmallIntegerField(default=0)
    nee_le = models.DateTimeField()
    finie_le = models.DateTimeField("tenue ou annulée le", null=True, blank=True)

    class Meta:
        ordering = ("dossier", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("dossier", "avec"), name="une_rencontre_vivante", condition=Q(finie_le__isnull=True)
            ),
            models.CheckConstraint(
                name="rencontre_finie_est_datee",
                condition=Q(etat__in=("tenue", "annulee"), finie_le__isnull=False)
                | (~Q(etat__in=("tenue", "annulee")) & Q(finie_le__isnull=True)),
            ),
        )

    def __str__(self) -> str:
        return f"rencontre {self.get_etat_display().lower()} ({self.dossier})"


class Creneau(models.Model):
    """Un moment proposé pour une rencontre; au plus un est retenu, et jamais deux à la fois pour le même hôte."""

    rencontre = models.ForeignKey(Rencontre, on_delete=models.PROTECT, related_name="creneaux")
    hote = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    debut = models.DateTimeField("début")
    fin = models.DateTimeField()
    retenu = models.BooleanField(default=False)
    retire = models.BooleanField("n'est plus offert", default=False)

    class Meta:
        ordering = ("rencontre", "debut")
        verbose_name = "créneau"
        verbose_name_plural = "créneaux"
        constraints = (
            models.CheckConstraint(name="creneau_ordonne", condition=Q(fin__gt=F("debut"))),
            models.UniqueConstraint(fields=("rencontre",), name="un_creneau_retenu", condition=QUI_TIENT),
            ExclusionConstraint(
                name="creneau_hote_libre",
                expressions=[
                    ("hote", RangeOperators.EQUAL),
                    (
                        Func(
                            F("debut"),
                            F("fin"),
                            Value("[)"),
                            function="tstzrange",
                            output_field=DateTimeRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=QUI_TIENT,
            ),
        )
        # Le rappel de la veille lit les retenus d'une fenêtre de jours.
        indexes = (models.Index(fields=("debut",), name="creneau_retenu_debut", condition=QUI_TIENT),)

    def __str__(self) -> str:
        return f"{self.debut:%Y-%m-%d %H:%M}"
