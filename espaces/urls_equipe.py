"""Adresses du chef d'équipe."""

from __future__ import annotations

from django.urls import path

from espaces.views import (
    absences,
    arrets,
    changement,
    equipe,
    fusion,
    passation,
    plaintes,
    qualite,
    rappels,
    urgences,
)

urlpatterns = [
    path("equipe/", equipe.accueil, name="equipe"),
    path("equipe/dossiers/", equipe.liste, name="equipe_liste"),
    path("equipe/passation/", passation.passation, name="equipe_passation"),
    path("equipe/garde/", urgences.garde, name="equipe_garde"),
    path("urgences/", urgences.urgences, name="urgences"),
    path("absences/", absences.absences, name="absences"),
    path("equipe/<str:reference>/fusion/", fusion.fusion, name="equipe_fusion"),
    path("equipe/<str:reference>/conflits/", fusion.conflits, name="equipe_conflits"),
    path("rappels/lus/", rappels.lus, name="rappels_lus"),
    path("equipe/arrets/", arrets.arrets, name="equipe_arrets"),
    path("equipe/plaintes/", plaintes.liste, name="equipe_plaintes"),
    path("equipe/qualite/", qualite.liste, name="equipe_qualite"),
    path("equipe/<str:reference>/qualite/", qualite.relire, name="equipe_qualite_revue"),
    path("equipe/<str:reference>/plaintes/<int:numero>/", plaintes.repondre, name="equipe_plainte"),
    path("equipe/<str:reference>/evaluateur/", equipe.evaluateur, name="equipe_evaluateur"),
    path("equipe/<str:reference>/ce-qui-a-change/", changement.de_l_equipe, name="equipe_ce_qui_a_change"),
    path("equipe/<str:reference>/reviseurs/", equipe.reviseurs, name="equipe_reviseurs"),
]
