"""Les échanges d'un dossier : un fil réunit des personnes, un message s'y écrit. Voir `docs/echanges.md`."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q

from dossiers.etats import Etat
from dossiers.models.demande import Demande
from dossiers.models.dossier import Dossier
from socle.champs import TexteChiffre


class Fil(models.Model):
    """Des personnes nommées à l'ouverture, et leurs messages; `rang` le nomme au dossier et ne change pas.

    Sans sujet, c'est le fil ordinaire de deux personnes. `dernier` : son plus récent message.
    """

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="fils")
    rang = models.PositiveIntegerField("rang au dossier")
    sujet = TexteChiffre(blank=True, default="")
    participants = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="fils")
    ouvert_le = models.DateTimeField()
    dernier = models.ForeignKey("dossiers.Echange", null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("dossier", "rang")
        constraints = (models.UniqueConstraint(fields=("dossier", "rang"), name="un_fil_par_rang"),)

    def __str__(self) -> str:
        return f"échange {self.rang} ({self.dossier})"

    @property
    def code(self) -> str:
        """Ce qu'un avis cite."""
        return f"echange-{self.rang}"

    @property
    def cle(self) -> str:
        """Ce que le journal garde d'une lecture; un message de plus la change, et le fil redevient non lu."""
        return f"echange-{self.pk}-{self.dernier_id}"

    def est_clos(self, demande: Demande | None) -> bool:
        """Vrai si le dossier s'est fermé depuis l'ouverture du fil : il se lit, on n'y répond plus."""
        return demande is not None and demande.etat == Etat.FERMEE and self.ouvert_le <= demande.etat_depuis


class Echange(models.Model):
    """Un message; ne sort jamais par courriel.

    `a` : à qui il s'adresse; vide, à tout le fil. `question` et `reponse_avant` : ce que `a` doit répondre, et
    quand; `repondu_le` l'éteint.
    """

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="echanges")
    demande = models.ForeignKey(Demande, on_delete=models.PROTECT, related_name="echanges")
    fil = models.ForeignKey(Fil, null=True, on_delete=models.PROTECT, related_name="messages")
    auteur = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    a = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    texte = TexteChiffre()
    le = models.DateTimeField()
    question = models.CharField("genre de question", max_length=60, blank=True, default="", db_default="")
    reponse_avant = models.DateField(null=True, blank=True)
    repondu_le = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("dossier", "pk")
        verbose_name = "échange"
        indexes = (
            models.Index(
                fields=("a",),
                name="echange_a_repondre",
                condition=Q(reponse_avant__isnull=False, repondu_le__isnull=True),
            ),
            models.Index(
                fields=("fil",),
                name="echange_question",
                condition=Q(reponse_avant__isnull=False, repondu_le__isnull=True),
            ),
        )

    def __str__(self) -> str:
        return f"échange du {self.le:%Y-%m-%d}"

    def attend(self) -> bool:
        """Vrai tant que la personne visée n'a pas répondu."""
        return self.reponse_avant is not None and self.repondu_le is None

    def en_retard(self, jour: date) -> bool:
        """Vrai si la date de réponse est passée sans réponse."""
        return self.reponse_avant is not None and self.repondu_le is None and self.reponse_avant < jour
