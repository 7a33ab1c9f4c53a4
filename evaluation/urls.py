"""Adresses du centre d'évaluation."""

from __future__ import annotations

from django.urls import path

from evaluation.views import dossier, gestes, rendre, travail

urlpatterns = [
    path("evaluation/", travail.travail, name="evaluation"),
    path("evaluation/<str:reference>/prendre/", travail.prendre, name="evaluation_prendre"),
    path("dossiers/<str:reference>/evaluation/", dossier.dossier, name="dossier_evaluation"),
    path("dossiers/<str:reference>/evaluation/rendre/", rendre.rendre, name="evaluation_rendre"),
    path("dossiers/<str:reference>/evaluation/renseignement/", gestes.renseignement, name="evaluation_renseignement"),
    path(
        "dossiers/<str:reference>/evaluation/renseignement/clore/",
        gestes.clore_renseignement,
        name="evaluation_clore_renseignement",
    ),
    path("dossiers/<str:reference>/evaluation/occasion/", gestes.occasion, name="evaluation_occasion"),
    path(
        "dossiers/<str:reference>/evaluation/pieces/<int:piece>/page-<int:rang>.png",
        dossier.page_image,
        name="evaluation_page_image",
    ),
    path("dossiers/<str:reference>/concertation/", gestes.concertation, name="evaluation_concertation"),
]
