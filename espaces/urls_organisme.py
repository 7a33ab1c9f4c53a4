"""Adresses de la personne-ressource."""

from __future__ import annotations

from django.urls import path

from espaces.views import organisme, organisme_code

urlpatterns = [
    path("organisme/", organisme.liste, name="organisme"),
    path("organisme/mandats/demander/", organisme.demander_mandat, name="mandat_demander"),
    path("organisme/mandats/demande-envoyee/", organisme.mandat_demande, name="mandat_demande"),
    path("organisme/dossiers/<str:reference>/", organisme.dossier, name="organisme_dossier"),
    path("organisme/dossiers/<str:reference>/document/", organisme.document, name="organisme_document"),
    path("organisme/dossiers/<str:reference>/messages/", organisme.messages_agent, name="organisme_messages"),
    path("organisme/dossiers/<str:reference>/portrait/", organisme.portrait, name="organisme_portrait"),
    path("organisme/dossiers/<str:reference>/occasion/", organisme.occasion, name="organisme_occasion"),
    path("organisme/dossiers/<str:reference>/revision/", organisme.revision, name="organisme_revision"),
    path("organisme/dossiers/<str:reference>/code/", organisme_code.code, name="organisme_code"),
    path("organisme/dossiers/<str:reference>/fin/", organisme.fin, name="organisme_fin"),
]
