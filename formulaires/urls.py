"""Adresses des formulaires d'un dossier."""

from __future__ import annotations

from django.urls import path

from formulaires.views import (
    aide,
    comparer,
    contributions,
    diagnostics,
    feuille,
    pieces,
    portrait,
    rapport,
    reponses,
    sr2100,
    sr2105,
    sr2105_appels,
    sr2105_liste,
    sr2105_papier,
)

urlpatterns = [
    path("bien-remplir/", aide.bien_remplir, name="bien_remplir"),
    path("appels-des-cliniciens/", aide.tenir, name="appels_cliniciens"),
    path("codes-de-diagnostic/", diagnostics.suggestions, name="codes_diagnostic"),
    path("dossiers/<str:reference>/sr2100/", sr2100.commencer, name="sr2100"),
    path("dossiers/<str:reference>/sr2100/decliner/", sr2100.decliner, name="sr2100_decliner"),
    path("dossiers/<str:reference>/sr2100/points-a-verifier/", sr2100.points, name="sr2100_points"),
    path("dossiers/<str:reference>/sr2100/verifier/", rapport.verifier, name="sr2100_verifier"),
    path("dossiers/<str:reference>/sr2100/signe/", rapport.signe, name="sr2100_signe"),
    path("dossiers/<str:reference>/sr2100/rapport/", rapport.lire, name="sr2100_rapport"),
    path("dossiers/<str:reference>/sr2100/copie.pdf", rapport.copie, name="sr2100_copie"),
    path("dossiers/<str:reference>/sr2100/feuille.pdf", feuille.imprimer, name="sr2100_feuille"),
    path("dossiers/<str:reference>/sr2100/documents/", pieces.verser, name="sr2100_pieces"),
    path("dossiers/<str:reference>/sr2100/comparer/", comparer.comparer, name="sr2100_comparer"),
    path("dossiers/<str:reference>/sr2100/<slug:etape>/", sr2100.page, name="sr2100_page"),
    path("dossiers/<str:reference>/contribution/", contributions.ecrire, name="contribution"),
    path("dossiers/<str:reference>/contribution/verifier/", contributions.verifier, name="contribution_verifier"),
    path("dossiers/<str:reference>/contribution/signee/", contributions.signee, name="contribution_signee"),
    path("dossiers/<str:reference>/contributions/", contributions.lire, name="contributions"),
    path("dossiers/<str:reference>/contributions/<int:rang>.pdf", contributions.copie, name="contribution_copie"),
    path("dossiers/<str:reference>/portrait/", portrait.lire, name="portrait"),
    path("dossiers/<str:reference>/repondre/", reponses.repondre, name="repondre"),
    path("dossiers/<str:reference>/sr2105/", sr2105.dense, name="sr2105"),
    path("dossiers/<str:reference>/sr2105/debut/", sr2105.debut, name="sr2105_debut"),
    path("dossiers/<str:reference>/sr2105/papier.pdf", sr2105_papier.papier, name="sr2105_papier"),
    path("dossiers/<str:reference>/sr2105/appels/<slug:etape>/", sr2105_appels.etape, name="sr2105_appels"),
    path("dossiers/<str:reference>/personnes-a-joindre/", sr2105_liste.liste, name="sr2105_liste"),
    path("dossiers/<str:reference>/personnes-a-joindre/<int:rang>/", sr2105_liste.noter, name="sr2105_noter"),
    path("dossiers/<str:reference>/sr2105/verifier/", sr2105.verifier, name="sr2105_verifier"),
    path("dossiers/<str:reference>/sr2105/<slug:theme>/", sr2105.question, name="sr2105_question"),
]
