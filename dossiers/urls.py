"""Adresses des pages d'un dossier. La référence est opaque; rien de personnel n'entre dans une adresse."""

from __future__ import annotations

from django.urls import path

from dossiers.views import (
    acces,
    codes,
    detresse,
    echanges,
    fichiers,
    gestes,
    historique,
    lettres,
    pieces,
    rencontres,
    temps,
)

urlpatterns = [
    path("gestion/fichiers/", fichiers.etat, name="gestion_fichiers"),
    path("signaler-detresse/", detresse.signaler, name="signaler_detresse"),
    path("dossiers/<str:reference>/pieces/", pieces.pieces, name="dossier_pieces"),
    path("dossiers/<str:reference>/pieces/<int:piece>/", pieces.piece, name="dossier_piece"),
    path("dossiers/<str:reference>/echanges/", echanges.echanges, name="dossier_echanges"),
    path("dossiers/<str:reference>/echanges/<int:rang>/", echanges.fil, name="dossier_fil"),
    path("echanges/", echanges.mes_echanges, name="mes_echanges"),
    path("dossiers/<str:reference>/lettres/", lettres.lettres, name="dossier_lettres"),
    path("dossiers/<str:reference>/lettres/<str:lettre>/", lettres.lettre, name="dossier_lettre"),
    path("dossiers/<str:reference>/lettres/<str:lettre>/pdf/", lettres.lettre_pdf, name="dossier_lettre_pdf"),
    path("dossiers/<str:reference>/remise/<int:tache>/", gestes.tache_de_lettre, name="dossier_tache_lettre"),
    path("dossiers/<str:reference>/historique/", historique.historique, name="dossier_historique"),
    path("dossiers/<str:reference>/acces/", acces.acces, name="dossier_acces"),
    path("dossiers/<str:reference>/code-clinique.pdf", codes.feuille, name="dossier_code_feuille"),
    path("dossiers/<str:reference>/identite/", gestes.masquer_identite, name="masquer_identite"),
    path("dossiers/<str:reference>/plus-de-temps/", temps.plus_de_temps, name="plus_de_temps"),
    path(
        "dossiers/<str:reference>/rencontres/<int:rencontre>/rendez-vous.ics",
        rencontres.fichier_agenda,
        name="rencontre_ics",
    ),
    path("dossiers/<str:reference>/gestes/<str:code>/", gestes.jouer, name="dossier_geste"),
]
