"""Les lignes de la grille d'évaluation, en plus des trois questions de la loi : une définition datée.

Source : `domaine.md` §3 (limitations par domaine, effet cumulatif, traitement et pronostic, profil socioprofessionnel).
"""

from __future__ import annotations

from django.db import models

from .lignes import EntreeDeListe


class QuestionGrille(EntreeDeListe):
    """Une ligne de la grille : ce qu'elle demande, à quel volet, et par quel genre de réponse.

    Ajouter, fermer ou reformuler une ligne ne touche aucun avis déjà rendu : chacun garde ses propres mots.
    Les trois questions de la loi ne sont pas ici : elles sont au contrat des actes.
    """

    class Volet(models.TextChoices):
        COMMUN = "commun", "Les deux évaluateurs"
        MEDICAL = "medical", "Volet médical"
        SOCIO = "socio", "Volet socioprofessionnel"

    class Genre(models.TextChoices):
        DOMAINES = "domaines", "Un niveau par domaine de limitation"
        REPONSE = "reponse", "Oui, non, renseignement insuffisant"
        FACTEUR = "facteur", "Nuit, neutre, aide, inconnu"
        AGE = "age", "L'âge a-t-il pesé, et comment"

    volet = models.CharField("volet", max_length=10, choices=Volet)
    genre = models.CharField("genre de réponse", max_length=10, choices=Genre)
    aide = models.CharField("aide", max_length=300, blank=True)

    class Meta(EntreeDeListe.Meta):
        verbose_name = "question de la grille"
        verbose_name_plural = "questions de la grille"
