"""Ce qui suit une décision : l'histoire de sa date d'effet, sa relecture de qualité, les mois de solidarité.

Source : `domaine.md` §3.3 à §3.5; `conception.md` §3.
"""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from socle.champs import TexteChiffre


class DateEffet(models.Model):
    """Une date d'effet retenue, pourquoi, et le calcul montré à qui l'a choisie; jamais corrigée, seulement suivie.

    `calcul` : `[{texte, regle, source, certitude}]`, tel qu'il a été montré. La dernière ligne est celle qui vaut.
    Source : `domaine.md` §3.3 (proposer, justifier, garder l'histoire).
    """

    class Origine(models.TextChoices):
        PROPOSEE = "proposee", "Proposée par la règle, confirmée"
        CHOISIE = "choisie", "Choisie par le signataire"
        REVISION = "revision", "Fixée en révision"

    decision = models.ForeignKey("decisions.Decision", on_delete=models.PROTECT, related_name="dates_effet")
    date = models.DateField("date d'effet")
    justification = models.CharField(max_length=300)
    origine = models.CharField(max_length=10, choices=Origine.choices)
    calcul = models.JSONField(default=list)
    par = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    le = models.DateTimeField("retenue le")

    class Meta:
        ordering = ("decision", "pk")
        verbose_name = "date d'effet"
        verbose_name_plural = "dates d'effet"
        triggers: ClassVar = [
            pgtrigger.Protect(name="jamais_effacer", operation=pgtrigger.Delete),
            pgtrigger.Protect(name="jamais_modifier", operation=pgtrigger.Update),
        ]

    def __str__(self) -> str:
        return f"{self.date.isoformat()} ({self.decision})"

    @property
    def rouverte(self) -> bool:
        """Vrai si l'évaluation a été rouverte depuis : la signature qui portait cette date est tombée."""
        return bool(self.decision.tour != self.decision.demande.tour)


class RevueQualite(models.Model):
    """Une décision à relire après coup : tirée au hasard, ou changée en révision. Jamais un rang, jamais une note.

    Elle ne change rien à la décision, ni à ce que la personne reçoit. Source : `ecrans-et-lettres.md` B4.
    """

    class Raison(models.TextChoices):
        HASARD = "hasard", "Tirée au hasard parmi les reconnaissances évidentes"
        RENVERSEE = "renversee", "Décision changée en révision"

    class Constat(models.TextChoices):
        CONFORME = "conforme", "Rien à reprendre"
        IDENTITE = "identite", "Le diagnostic du rapport n'est pas celui de la liste"
        CRITERE = "critere", "Un critère écrit de la liste n'est pas montré au dossier"
        DATE = "date", "La date d'effet est mal justifiée"
        LETTRE = "lettre", "La lettre n'est pas claire pour la personne"
        LISTE = "liste", "La liste elle-même est à revoir"

    decision = models.OneToOneField("decisions.Decision", on_delete=models.PROTECT, related_name="revue_qualite")
    raison = models.CharField(max_length=10, choices=Raison.choices)
    tiree_le = models.DateTimeField("tirée le")
    relue_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    relue_le = models.DateTimeField("relue le", null=True, blank=True)
    constats = ArrayField(models.CharField(max_length=10, choices=Constat.choices), default=list, blank=True)
    note = TexteChiffre(blank=True, default="")

    class Meta:
        ordering = ("tiree_le", "pk")
        verbose_name = "revue de qualité"
        verbose_name_plural = "revues de qualité"
        indexes = (
            models.Index(fields=("tiree_le", "id"), name="qualite_a_relire", condition=Q(relue_le__isnull=True)),
        )
        constraints = (
            models.CheckConstraint(
                name="qualite_relue_par_quelquun",
                condition=Q(relue_le__isnull=True, relue_par__isnull=True, constats=[])
                | (Q(relue_le__isnull=False, relue_par__isnull=False) & ~Q(constats=[])),
            ),
        )

    def __str__(self) -> str:
        return f"revue de qualité ({self.decision})"


class MoisSolidarite(models.Model):
    """Un mois civil qui compte vers le revenu de base, et d'où on le sait. Consigner n'ouvre aucun droit.

    `mois` : le premier jour du mois. Un mois retiré reste, avec sa date de retrait.
    Source : règlement, art. 177.43 à 177.45 (`domaine.md` §3.2).
    """

    class Source(models.TextChoices):
        SOLIDARITE = "solidarite", "Solidarité sociale"
        SOINS = "soins", "Mois de soins sans prestation"
        PARENT = "parent", "Supplément pour enfant handicapé d'un parent (SEHNSE)"
        RESERVE = "reserve", "Programme équivalent en réserve"

    dossier = models.ForeignKey("dossiers.Dossier", on_delete=models.PROTECT, related_name="mois_solidarite")
    mois = models.DateField("premier jour du mois")
    source = models.CharField("d'où vient ce mois", max_length=12, choices=Source.choices)
    note = models.CharField("document lu", max_length=160)
    par = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    le = models.DateTimeField("consigné le")
    retire_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    retire_le = models.DateTimeField("retiré le", null=True, blank=True)

    class Meta:
        ordering = ("dossier", "mois", "pk")
        verbose_name = "mois vers le revenu de base"
        verbose_name_plural = "mois vers le revenu de base"
        constraints = (
            models.UniqueConstraint(
                fields=("dossier", "mois"), name="un_mois_compte_une_fois", condition=Q(retire_le__isnull=True)
            ),
            models.CheckConstraint(name="mois_au_premier_jour", condition=Q(mois__day=1)),
            models.CheckConstraint(
                name="mois_retire_par_quelquun",
                condition=Q(retire_le__isnull=True, retire_par__isnull=True)
                | Q(retire_le__isnull=False, retire_par__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.mois:%Y-%m} ({self.dossier})"
