"""Adresses de l'agent d'aide financière."""

from __future__ import annotations

from django.urls import path
from django.views.decorators.http import require_http_methods

from dossiers.views import nouveau
from espaces.views import agent, agent_lot, papier, que_faire, sommaire, suivi_portes, trousse

lire_ou_envoyer = require_http_methods(["GET", "POST"])

urlpatterns = [
    path("travail/", agent.travail, name="travail"),
    path("travail/suivant/", agent.prendre_suivant, name="prendre_suivant"),
    path("travail/lot/", agent_lot.lot, name="travail_lot"),
    path("travail/filtres/", agent_lot.filtres, name="travail_filtres"),
    path("rechercher/", lire_ou_envoyer(agent.rechercher), name="rechercher"),
    path("portes/", suivi_portes.portes_du_personnel, name="portes"),
    path("dossiers/<str:reference>/trousse/", trousse.d_un_dossier, name="dossier_trousse"),
    # Avant le sommaire, dont la référence prendrait ce mot.
    path("dossiers/nouveau/", nouveau.nouveau, name="dossier_nouveau"),
    path("dossiers/<str:reference>/sr2100-papier/", lire_ou_envoyer(papier.saisir), name="sr2100_papier"),
    path("dossiers/<str:reference>/nouvelle-ou-revision/", que_faire.de_l_agent, name="dossier_que_faire"),
    path("dossiers/<str:reference>/", sommaire.sommaire, name="dossier_sommaire"),
]
