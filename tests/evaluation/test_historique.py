"""Le panneau du passé : fermé d'avance, il montre décisions, avis, contraintes temporaires et rapports."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from decisions.models import Issue
from decisions.regles import Periode
from dossiers.models import Dossier
from dossiers.porte import executer
from evaluation.views.historique import temporaire_en_mots
from tests.fabrique_csems import RAPPORT, Equipe, a_signer, client_de, pris


def _url(dossier: Dossier) -> str:
    return f"/dossiers/{dossier.reference}/evaluation/"


def _seconde_demande(equipe: Equipe) -> Dossier:
    """Un refus avec six mois de contrainte temporaire, puis une demande nouvelle avec un rapport qui diffère."""
    dossier = a_signer(equipe)
    refus: dict[str, Any] = {
        "issue": "non_reconnue",
        "motifs": ["duree_non_etablie"],
        "ce_qui_changerait": ["duree_limitations"],
        "contrainte_temporaire_mois": 6,
    }
    executer("signer_decision", acteur=equipe.medecin, dossier=dossier, **refus)
    executer("signer_decision", acteur=equipe.specialiste, dossier=dossier, issue="non_reconnue")
    executer("deposer_demande", acteur=equipe.agent, dossier=dossier, canal="telephone", type="nouvelle")
    executer("inviter_clinicien", acteur=equipe.agent, dossier=dossier, clinicien=equipe.clinicien)
    autre = {**RAPPORT, "limitations": [{"domaine": "emotions", "niveau": "grave"}]}
    executer("signer_sr2100", acteur=equipe.clinicien, dossier=dossier, **autre)
    for acte in ("declarer_complet", "transmettre_csems"):
        executer(acte, acteur=equipe.agent, dossier=dossier)
    for personne in (equipe.medecin, equipe.specialiste):
        executer("prendre_en_evaluation", acteur=personne, dossier=dossier)
    dossier.refresh_from_db()
    return dossier


def test_le_passe_ne_s_ouvre_que_sur_demande(equipe: Equipe) -> None:
    dossier = _seconde_demande(equipe)
    client = client_de(equipe.medecin)
    ferme = client.get(_url(dossier)).content.decode()
    assert "Voir les décisions et avis antérieurs" in ferme
    assert "selon Armand" not in ferme
    assert 'id="historique"' not in ferme
    ouvert = client.get(_url(dossier), {"historique": "oui"}).content.decode()
    panneau = ouvert[ouvert.index('id="historique"') :]
    assert "Demande 1 du" in panneau
    assert "selon Armand" in panneau
    assert "selon Clemence" in panneau
    assert "Contrainte temporaire de 6 mois, du " in panneau
    assert "accordée avec un refus" in panneau
    assert "Comparer les rapports médicaux successifs" in panneau
    assert "Refermer" in panneau


def test_le_geste_enregistre_avant_d_ouvrir(equipe: Equipe) -> None:
    dossier = pris(equipe)
    client = client_de(equipe.medecin)
    suite = client.post(_url(dossier), {"version": "0", "raison_duree": "Gardée.", "geste": "historique"})
    assert suite.headers["Location"].endswith("?historique=oui#historique")
    page = client.get(_url(dossier), {"historique": "oui"}).content.decode()
    assert "Aucune décision antérieure au dossier." in page
    assert "Gardée." in page


@pytest.mark.parametrize(
    ("mois", "issue", "periode", "dit"),
    [
        (None, Issue.NON_RECONNUE, None, ""),
        (
            3,
            Issue.TEMPORAIRE,
            Periode(date(2026, 1, 5), date(2026, 4, 4)),
            "Contrainte temporaire de 3 mois, du 5 janvier 2026 au 4 avril 2026.",
        ),
        (6, Issue.NON_RECONNUE, None, "Contrainte temporaire de 6 mois, accordée avec un refus, qui ne compte plus."),
    ],
)
def test_une_contrainte_temporaire_en_mots(mois: int | None, issue: str, periode: Periode | None, dit: str) -> None:
    decision: Any = SimpleNamespace(contrainte_temporaire_mois=mois, issue=issue)
    assert temporaire_en_mots(decision, periode) == dit
