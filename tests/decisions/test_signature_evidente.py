"""Signer une reconnaissance évidente : ce que la règle sait est proposé, la lettre se relit sous un seul titre."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from decisions.models import Signature
from journal.models import Entree
from socle import horloge
from tests.fabrique_csems import ayant_lu
from tests.fabriques import RAPPORT, RAPPORT_TEMPORAIRE, Scene
from tests.formulaires.test_vues_sr2100 import session

pytestmark = pytest.mark.django_db
PARTS = (("jour", "day"), ("mois", "month"), ("annee", "year"))
EVIDENT: dict[str, Any] = {
    "motifs": ["diagnostic_evident"],
    "phrase_diagnostic_evident": "Votre diagnostic est sur la liste.",
    "justification_date": "Date de la demande.",
}
CANCER = {**RAPPORT, "diagnostics": [{"libelle": "Cancer du sein en chimiothérapie", "principal": True}]}


def test_la_date_de_reexamen_vient_de_la_liste() -> None:
    scene = Scene().complete(CANCER)
    scene.joue("agent", "reconnaitre_evident", diagnostic="DEMO-04")
    adresse = f"/dossiers/{scene.dossier.reference}/signer/"
    with horloge.figer(scene.instant):
        client = session(scene["agent"], confirmee=True)
        formulaire = client.get(adresse).context["form"]
        assert formulaire["reexamen_le"].initial == date(2027, 2, 2)
        envoi = {
            f"{nom}_{part}": str(getattr(jour, attribut))
            for nom, jour in (("date_effet", date(2026, 2, 2)), ("reexamen_le", date(2027, 2, 2)))
            for part, attribut in PARTS
        }
        page = client.post(adresse, {**envoi, **EVIDENT}).content.decode()
    assert "La lettre dira ceci" in page
    assert (page.count("<h1"), page.count('<h2 class="resultat"')) == (1, 1)


def test_un_motif_et_sa_phrase_se_demandent_aussi_pour_reconnaitre() -> None:
    scene = Scene().evidente_a_signer()
    adresse = f"/dossiers/{scene.dossier.reference}/signer/"
    with horloge.figer(scene.instant):
        client = session(scene["agent"], confirmee=True)
        ouverte = client.get(adresse).context["form"]
        assert ouverte["motifs"].value() == ["diagnostic_evident"]
        assert ouverte["phrase_diagnostic_evident"].value()
        sans = client.post(adresse, {}).context["form"].errors
        muet = client.post(adresse, {**EVIDENT, "phrase_diagnostic_evident": " "}).context["form"].errors
    assert sans["motifs"] == ["Cochez au moins un motif."]
    assert muet["phrase_diagnostic_evident"] == ["Dites ce motif à la personne, en une phrase simple."]


def test_un_reexamen_passe_se_dit_pres_de_son_champ() -> None:
    scene = Scene().evidente_a_signer()
    jour = date(2026, 2, 1)
    with horloge.figer(scene.instant):
        client = session(scene["agent"], confirmee=True)
        envoi = {f"reexamen_le_{part}": str(getattr(jour, nom)) for part, nom in PARTS}
        page = client.post(f"/dossiers/{scene.dossier.reference}/signer/", envoi)
    assert page.context["form"].errors["reexamen_le"] == ["Choisissez une date à venir pour le réexamen."]


@pytest.mark.parametrize(
    ("mois", "erreur"), [("0", "Écrivez au moins 1 mois."), ("61", "60 mois au plus."), ("60", "")]
)
def test_les_mois_d_une_contrainte_temporaire_ont_les_bornes_des_regles(mois: str, erreur: str) -> None:
    scene = Scene().complete(RAPPORT_TEMPORAIRE)
    with horloge.figer(scene.instant):
        client = session(scene["agent"], confirmee=True)
        page = client.post(f"/dossiers/{scene.dossier.reference}/triage/temporaire/", {"mois": mois})
    if erreur:
        assert page.context["form"].errors["mois"] == [erreur]
    else:
        assert "La lettre dira ceci" in page.content.decode()


def test_sans_reexamen_prevu_rien_n_est_propose() -> None:
    scene = Scene().evidente_a_signer()
    with horloge.figer(scene.instant):
        client = session(scene["agent"], confirmee=True)
        formulaire = client.get(f"/dossiers/{scene.dossier.reference}/signer/").context["form"]
    assert formulaire["reexamen_le"].initial is None


def test_l_agent_ne_signe_pas_ce_qu_il_n_a_pas_lu() -> None:
    """La même page que les évaluateurs : la liste, sa case, et ce qui arrive entre la page et la signature."""
    scene = Scene().evidente_a_signer()
    adresse, jour = f"/dossiers/{scene.dossier.reference}/signer/", date(2026, 2, 2)
    envoi = {f"date_effet_{part}": str(getattr(jour, nom)) for part, nom in PARTS}
    envoi |= {**EVIDENT, "sans_reexamen": "on"}
    with horloge.figer(scene.instant):
        client = session(scene["agent"], confirmee=True)
        arret = client.post(adresse, envoi)
        assert "non lu" in arret.content.decode()
        signe = {**envoi, **ayant_lu(arret), "confirme": "oui"}
        sans = client.post(adresse, {**signe, "connaissance": ""}).content.decode()
        assert "cochez cette case, avant de signer" in sans
        scene.joue("agent", "verser_piece", nature="Note", titre="Note arrivée depuis")
        encore = client.post(adresse, signe)
        assert "(arrivé depuis, non lu)" in encore.content.decode()
        assert not Signature.objects.exists()
        assert client.post(adresse, {**signe, **ayant_lu(encore)}).status_code == 302
    assert Signature.objects.get().signataire == scene["agent"]
    assert Entree.objects.get(acte="signer_decision", nature="acte").details["attestes"]
