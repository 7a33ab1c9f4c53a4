"""La liste des codes de diagnostic, et les mots qui servent à y chercher.

Les libellés viennent d'une liste installée à part ou d'un fichier officiel : aucun n'est au dépôt.
Source : `docs/decisions/0013-recherche-des-codes.md`.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q

from .lignes import LigneDatee
from .regles_codes import MOT_MAX

CODE_MAX = 20
TEXTE_MAX = 400
LIBELLE_MAX = 300  # celui d'un diagnostic du SR-2100 : un libellé choisi doit y entrer


class CodeDiagnostic(LigneDatee):
    """Un code et son libellé, d'une seule liste à la fois.

    `cle` est le code sans point ni espace (« M545 »); `texte`, les mots repliés du libellé, entre des espaces;
    `vecteur`, les mêmes mots, indexés.
    Un code sans libellé français garde l'anglais seul : `titre` et `langue` le disent.
    """

    libelle = models.CharField("libellé", max_length=LIBELLE_MAX, blank=True)
    libelle_en = models.CharField("libellé anglais", max_length=LIBELLE_MAX, blank=True)
    liste = models.CharField("liste", max_length=80)
    cle = models.CharField("clé de recherche", max_length=CODE_MAX)
    texte = models.CharField("texte de recherche", max_length=TEXTE_MAX)
    vecteur = SearchVectorField("mots indexés")

    class Meta(LigneDatee.Meta):
        ordering = ("code", "en_vigueur_du")
        verbose_name = "code de diagnostic"
        verbose_name_plural = "codes de diagnostic"
        constraints = (
            *LigneDatee.Meta.constraints,
            models.CheckConstraint(name="codediagnostic_a_un_libelle", condition=~Q(libelle="") | ~Q(libelle_en="")),
        )
        indexes = (
            models.Index(fields=["cle"], name="codediagnostic_cle", opclasses=["varchar_pattern_ops"]),
            GinIndex(fields=["vecteur"], name="codediagnostic_vecteur", fastupdate=False),
        )

    @property
    def titre(self) -> str:
        """Le libellé français, ou l'anglais à défaut."""
        return self.libelle or self.libelle_en

    @property
    def langue(self) -> str:
        """Langue de `titre` : « fr » ou « en »."""
        return "fr" if self.libelle else "en"


class MotDiagnostic(models.Model):
    """Un mot distinct des libellés en vigueur; `voisins` le retrouve à une lettre près.

    Table dérivée, refaite à chaque import. Voir `regles_codes.voisins`.
    """

    mot = models.CharField("mot", max_length=MOT_MAX, primary_key=True)
    voisins = ArrayField(models.CharField(max_length=MOT_MAX), verbose_name="voisins", default=list)

    class Meta:
        ordering = ("mot",)
        verbose_name = "mot des libellés"
        verbose_name_plural = "mots des libellés"
        indexes = (GinIndex(fields=["voisins"], name="motdiagnostic_voisins", fastupdate=False),)

    def __str__(self) -> str:
        return self.mot
