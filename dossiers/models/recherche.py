"""Le vocabulaire des noms, qui retrouve un nom mal écrit. Source : `docs/decisions/0017-recherche-des-personnes.md`."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

MOT_NOM_MAX = 80  # lettres gardées d'un mot de nom
MOTS_DISTINCTS = "SELECT DISTINCT unnest(string_to_array(cle_tri, ' ')) FROM dossiers_dossier WHERE cle_tri <> ''"


class MotNom(models.Model):
    """Un mot distinct des clés de tri (`Dossier.cle_tri`), et ses voisins à une lettre près.

    Table dérivée, sans lien avec une personne : un mot y entre avec le premier dossier qui le porte et y reste.
    """

    mot = models.CharField("mot", max_length=MOT_NOM_MAX, primary_key=True)
    voisins = ArrayField(models.CharField(max_length=MOT_NOM_MAX), verbose_name="voisins", default=list)

    class Meta:
        ordering = ("mot",)
        verbose_name = "mot des noms"
        verbose_name_plural = "mots des noms"
        indexes = (GinIndex(fields=["voisins"], name="motnom_voisins", fastupdate=False),)

    def __str__(self) -> str:
        return self.mot
