"""Adresses des formulaires d'un dossier."""

from __future__ import annotations

from django.urls import path

from formulaires.views import aide, contributions, diagnostics, portrait, rapport, reponses, sr2100, sr2105

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
    path("dossiers/<str:reference>/sr2100/<slug:etape>/", sr2100.page, name="sr2100_page"),
    path("dossiers/<str:reference>/contribution/", contributions.ecrire, name="contribution"),
    path("dossiers/<str:reference>/contribution/verifier/", contributions.verifier, name="contribution_verifier"),
    path("dossiers/<str:reference>/contribution/signee/", contributions.signee, name="contribution_signee"),
    path("dossiers/<str:reference>/contributions/", contributions.lire, name="contributions"),
    path("dossiers/<str:reference>/contributions/<int:rang>.pdf", contributions.copie, name="contribution_copie"),
    path("dossiers/<str:reference>/portrait/", portrait.lire, name="portrait"),
    path("dossiers/<str:reference>/repondre/", reponses.repondre, name="repondre"),
    path("dossiers/<str:reference>/sr2105/", sr2105.dense, name="sr2105"),
    path("dossiers/<str:reference>/sr2105/verifier/", sr2105.verifier, name="sr2105_verifier"),
    path("dossiers/<str:reference>/sr2105/<slug:theme>/", sr2105.question, name="sr2105_question"),
]
