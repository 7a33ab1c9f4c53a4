"""Ce qui suit un recours au Tribunal : ses étapes, son jugement, le cahier que la DRRA lui transmet.

Source : `ecrans-et-lettres.md` B5.9; `domaine.md` §3.3; loi sur l'aide aux personnes, art. 119.
"""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from dossiers.tribunal import GenreEtape
from socle.champs import TexteChiffre


class EtapeTAQ(models.Model):
    """Conciliation, entente ou audience notée par l'agent; elle ne change pas l'état de la demande."""

    recours = models.ForeignKey("revision.RecoursTAQ", on_delete=models.PROTECT, related_name="etapes")
    genre = models.CharField(max_length=20, choices=GenreEtape.choices)
    le = models.DateField()
    note = TexteChiffre(blank=True, default="")
    par = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    notee_le = models.DateTimeField("notée le")

    class Meta:
        ordering = ("recours", "le", "pk")
        verbose_name = "étape devant le Tribunal"
        verbose_name_plural = "étapes devant le Tribunal"

    def __str__(self) -> str:
        return f"{self.get_genre_display()} ({self.le})"


class JugementTAQ(models.Model):
    """Ce que le Tribunal a décidé, en plus de l'issue; tout y est facultatif, le jugement s'ajoute quand il arrive.

    `interets_a_verifier` : la décision change en faveur de la personne, un intérêt peut lui être dû (art. 119);
    `interets_vus_le` éteint ce rappel.
    """

    recours = models.OneToOneField("revision.RecoursTAQ", on_delete=models.PROTECT, related_name="jugement")
    rendu_le = models.DateField("jugement rendu le", null=True, blank=True)
    ce_qui_change = TexteChiffre(blank=True, default="")
    date_effet = models.DateField("date d'effet", null=True, blank=True)
    piece = models.ForeignKey("dossiers.Piece", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    interets_a_verifier = models.BooleanField("intérêts à vérifier", default=False)
    interets_vus_le = models.DateTimeField("intérêts vérifiés le", null=True, blank=True)

    class Meta:
        ordering = ("recours",)
        verbose_name = "jugement du Tribunal"
        verbose_name_plural = "jugements du Tribunal"

    def __str__(self) -> str:
        return f"jugement ({self.recours})"

    @property
    def interets_dus(self) -> bool:
        """Vrai tant que personne n'a vérifié si un intérêt est dû."""
        return self.interets_a_verifier and self.interets_vus_le is None


class CahierTAQ(models.Model):
    """Un cahier pour le Tribunal : un PDF paginé, son index, ses empreintes et le journal des accès.

    `faits` et `total` : documents prêts sur documents à joindre. `reprise_le` : avant cet instant, un travailleur
    le fabrique. `taille` en octets; `sha256` est l'empreinte du PDF entier.
    """

    class Etat(models.TextChoices):
        EN_COURS = "en_cours", "En fabrication"
        PRET = "pret", "Prêt"
        ECHEC = "echec", "Pas produit"

    recours = models.ForeignKey("revision.RecoursTAQ", on_delete=models.PROTECT, related_name="cahiers")
    par = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    demande_le = models.DateTimeField("demandé le")
    etat = models.CharField("état", max_length=8, choices=Etat.choices, default=Etat.EN_COURS)
    faits = models.PositiveIntegerField("documents prêts", default=0)
    total = models.PositiveIntegerField("documents à joindre", default=0)
    essais = models.PositiveSmallIntegerField(default=0)
    reprise_le = models.DateTimeField(null=True, blank=True)
    fini_le = models.DateTimeField(null=True, blank=True)
    raison_echec = models.CharField("raison de l'échec", max_length=200, blank=True, default="")
    fichier = models.FileField(upload_to="cahiers/%Y/%m/", blank=True, default="")
    pages = models.PositiveIntegerField(default=0)
    taille = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField("empreinte", max_length=64, blank=True, default="")
    manifeste_json = TexteChiffre("manifeste des empreintes", blank=True, default="")

    class Meta:
        ordering = ("-pk",)
        verbose_name = "cahier pour le Tribunal"
        verbose_name_plural = "cahiers pour le Tribunal"
        constraints = (
            models.UniqueConstraint(fields=("recours",), name="un_cahier_en_cours", condition=Q(etat="en_cours")),
            models.CheckConstraint(
                name="cahier_pret_ou_non",
                condition=Q(etat="en_cours", fini_le=None, sha256="")
                | (Q(etat="pret", fini_le__isnull=False, pages__gte=1) & ~Q(sha256="") & ~Q(fichier=""))
                | (Q(etat="echec", fini_le__isnull=False, sha256="") & ~Q(raison_echec="")),
            ),
        )
        indexes = (models.Index(fields=("reprise_le", "id"), name="cahier_a_fabriquer", condition=Q(etat="en_cours")),)

    def __str__(self) -> str:
        return f"cahier {self.pk} ({self.recours})"

    @property
    def manifeste(self) -> dict[str, Any]:
        """Documents joints, leurs pages et leurs empreintes; vide tant que le cahier n'est pas prêt."""
        lu: dict[str, Any] = json.loads(self.manifeste_json) if self.manifeste_json else {}
        return lu
