"""Adresses des décisions de l'agent."""

from __future__ import annotations

from django.urls import path

from decisions import urls_csems, views, views_examen, views_expliquer, views_prb, views_renouvellement

urlpatterns = [
    path("dossiers/<str:reference>/triage/", views.trier, name="dossier_triage"),
    path("dossiers/<str:reference>/triage/temporaire/", views.temporaire, name="dossier_temporaire"),
    path("dossiers/<str:reference>/signer/", views.signer, name="dossier_signer"),
    path("dossiers/<str:reference>/expliquer/", views_expliquer.expliquer, name="dossier_expliquer"),
    path("dossiers/<str:reference>/examen/", views_examen.examen, name="dossier_examen"),
    path("dossiers/<str:reference>/revenu-de-base/", views_prb.revenu_de_base, name="revenu_de_base"),
    path("dossiers/<str:reference>/toujours-valable/", views_renouvellement.toujours_valable, name="toujours_valable"),
    *urls_csems.urlpatterns,
]
