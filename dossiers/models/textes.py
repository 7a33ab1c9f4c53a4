"""Le texte des pièces, gardé à part : aucune liste de pièces ne le charge sans le demander."""

from __future__ import annotations

import json

from django.db import models

from dossiers.models.contenu import Piece
from socle.champs import TexteChiffre


class TextesDePiece(models.Model):
    """Le texte de chaque page d'une pièce, chiffré, pour y chercher; vide si rien ne s'y lit par machine."""

    piece = models.OneToOneField(Piece, primary_key=True, on_delete=models.CASCADE, related_name="textes_lus")
    pages_json = TexteChiffre("texte par page, en JSON", blank=True, default="")

    class Meta:
        verbose_name = "texte d'une pièce"
        verbose_name_plural = "textes des pièces"

    def __str__(self) -> str:
        return f"texte de la pièce {self.piece_id}"

    @property
    def pages(self) -> list[str]:
        """Le texte de chaque page, dans l'ordre."""
        lues: list[str] = json.loads(self.pages_json) if self.pages_json else []
        return lues
