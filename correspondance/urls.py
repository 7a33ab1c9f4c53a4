"""Adresses de la correspondance."""

from __future__ import annotations

from django.conf import settings
from django.urls import URLPattern, path

from correspondance import views

urlpatterns: list[URLPattern] = [
    path("gestion/envois/", views.envois, name="envois"),
    path("gestion/envois/<int:numero>/reessayer/", views.reessayer, name="envoi_reessayer"),
    path("gestion/envois/taches/<int:numero>/", views.clore_tache, name="envoi_clore_tache"),
]
# La démonstration seule : ailleurs, l'adresse n'existe pas.
if settings.DEMONSTRATION:
    urlpatterns += [
        path("demonstration/courrier/", views.courrier, name="courrier"),
        path("demonstration/courrier/emettre/", views.emettre_maintenant, name="courrier_emettre"),
        path("demonstration/courrier/<str:reference>.pdf", views.pdf_demonstration, name="courrier_pdf"),
    ]
