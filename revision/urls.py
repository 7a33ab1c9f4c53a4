"""Adresses de la direction de la révision."""

from __future__ import annotations

from django.urls import path

from revision.views import cahier, decision, desaccord, dossier, entrevues, travail, tribunal

urlpatterns = [
    path("revision/", travail.travail, name="revision"),
    path("revision/<str:reference>/", dossier.dossier, name="revision_dossier"),
    path("revision/<str:reference>/recevabilite/", dossier.recevabilite, name="revision_recevabilite"),
    path("revision/<str:reference>/entrevue/", entrevues.noter, name="revision_entrevue"),
    path("revision/<str:reference>/entrevue/prevoir/", entrevues.prevoir, name="revision_prevoir"),
    path("dossiers/<str:reference>/desaccord/", desaccord.desaccord, name="dossier_desaccord"),
    path("revision/<str:reference>/decision/", decision.decision, name="revision_decision"),
    path("revision/<str:reference>/cahier/", cahier.cahier, name="revision_cahier"),
    path("revision/<str:reference>/cahier/<int:numero>/", cahier.fichier, name="revision_cahier_fichier"),
    path("dossiers/<str:reference>/tribunal/", tribunal.tribunal, name="dossier_tribunal"),
    path("dossiers/<str:reference>/tribunal/noter/", tribunal.noter, name="dossier_tribunal_noter"),
]
