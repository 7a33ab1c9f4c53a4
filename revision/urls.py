"""Adresses de la direction de la révision."""

from __future__ import annotations

from django.urls import path

from revision.views import decision, desaccord, dossier, entrevues, travail

urlpatterns = [
    path("revision/", travail.travail, name="revision"),
    path("revision/<str:reference>/", dossier.dossier, name="revision_dossier"),
    path("revision/<str:reference>/recevabilite/", dossier.recevabilite, name="revision_recevabilite"),
    path("revision/<str:reference>/entrevue/", entrevues.noter, name="revision_entrevue"),
    path("revision/<str:reference>/entrevue/prevoir/", entrevues.prevoir, name="revision_prevoir"),
    path("dossiers/<str:reference>/desaccord/", desaccord.desaccord, name="dossier_desaccord"),
    path("revision/<str:reference>/decision/", decision.decision, name="revision_decision"),
]
