"""Adresses de la personne-ressource."""

from __future__ import annotations

from django.urls import path

from espaces.views import (
    organisme,
    organisme_code,
    organisme_equipe,
    organisme_lettres,
    organisme_mandats,
    organisme_recours,
    suivi_mandats,
    temoigner,
)

urlpatterns = [
    path("organisme/", organisme.liste, name="organisme"),
    path("organisme/mandats/demander/", organisme_mandats.demander_mandat, name="mandat_demander"),
    path("organisme/mandats/demande-envoyee/", organisme_mandats.mandat_demande, name="mandat_demande"),
    path("organisme/mandats/code/", organisme_mandats.prendre_avec_code, name="mandat_prendre"),
    path("organisme/equipe/", organisme_equipe.equipe, name="organisme_equipe"),
    path("organisme/equipe/<int:numero>/retirer/", organisme_equipe.retirer, name="organisme_retirer"),
    path("organismes/", suivi_mandats.organismes_du_personnel, name="organismes"),
    path("temoigner/", temoigner.temoigner, name="temoigner"),
    path("organisme/dossiers/<str:reference>/", organisme.dossier, name="organisme_dossier"),
    path("organisme/dossiers/<str:reference>/document/", organisme.document, name="organisme_document"),
    path("organisme/dossiers/<str:reference>/portrait/", organisme.portrait, name="organisme_portrait"),
    path("organisme/dossiers/<str:reference>/occasion/", organisme.occasion, name="organisme_occasion"),
    path("organisme/dossiers/<str:reference>/revision/", organisme_recours.revision, name="organisme_revision"),
    path(
        "organisme/dossiers/<str:reference>/revision/observations/",
        organisme_recours.observations,
        name="organisme_observations",
    ),
    path("organisme/dossiers/<str:reference>/revision/delai/", organisme_recours.delai, name="organisme_delai"),
    path("organisme/dossiers/<str:reference>/code/", organisme_code.code, name="organisme_code"),
    path(
        "organisme/dossiers/<str:reference>/transmettre/", organisme_mandats.transmettre, name="organisme_transmettre"
    ),
    path("organisme/dossiers/<str:reference>/lettres-clinique/", organisme_lettres.lettres, name="organisme_lettres"),
    path(
        "organisme/dossiers/<str:reference>/lettres-clinique/<slug:code>/",
        organisme_lettres.lettre,
        name="organisme_lettre",
    ),
    path("organisme/dossiers/<str:reference>/fin/", organisme.fin, name="organisme_fin"),
]
