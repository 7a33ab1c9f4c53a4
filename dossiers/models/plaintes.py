"""La plainte sur le service : distincte d'une révision, invisible à la personne qu'elle vise.

Source : `ecrans-et-lettres.md` B8; `conception.md` §11.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from dossiers.models.dossier import Dossier
from socle.champs import TexteChiffre


class Plainte(models.Model):
    """Une plainte et sa réponse. Seules la lisent la personne et le chef d'équipe qui y répond."""

    class Sujet(models.TextChoices):
        ATTENTE = "attente", "L'attente"
        ACCUEIL = "accueil", "La façon dont on m'a parlé"
        ERREUR = "erreur", "Une erreur dans mon dossier"
        ACCES = "acces", "Un service que je n'ai pas pu utiliser"
        AUTRE = "autre", "Autre chose"

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="plaintes")
    deposee_par = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    sujet = models.CharField(max_length=10, choices=Sujet.choices)
    texte = TexteChiffre("ce qui s'est passé")
    souhait = TexteChiffre("ce que la personne voudrait", blank=True, default="")
    deposee_le = models.DateTimeField()
    avant_le = models.DateField("réponse visée")
    reponse = TexteChiffre(blank=True, default="")
    repondue_le = models.DateTimeField(null=True, blank=True)
    repondue_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ("avant_le", "pk")
        indexes = (models.Index(fields=("dossier", "repondue_le"), name="plainte_dossier"),)
        constraints = (
            models.CheckConstraint(
                name="plainte_repondue_par_quelquun",
                condition=Q(repondue_le__isnull=True, repondue_par__isnull=True)
                | Q(repondue_le__isnull=False, repondue_par__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"plainte du {self.deposee_le:%Y-%m-%d}"
