"""La relecture de qualité : un tirage répétable au rejeu, une lecture qui ne change rien, un retour à l'équipe."""

from __future__ import annotations

from typing import Any

import pytest

from decisions import effet, qualite
from decisions.models import Decision, RevueQualite
from dossiers.models import Tache
from journal.models import Entree
from socle import hasard, horloge
from tests.decisions.lecture import lu
from tests.fabriques import Scene
from tests.formulaires.test_vues_sr2100 import session

pytestmark = pytest.mark.django_db


@pytest.fixture
def toutes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Chaque reconnaissance évidente est tirée."""
    monkeypatch.setattr(hasard, "sur_cent", lambda _sujet: 0)


def test_le_tirage_se_repete_et_ne_decale_aucun_autre() -> None:
    with hasard.fixer("graine"):
        sans = hasard.tirer("ABCDEF", 12)
    with hasard.fixer("graine"):
        premier = hasard.sur_cent("sujet")
        assert hasard.tirer("ABCDEF", 12) == sans
    with hasard.fixer_parts("graine"):
        assert hasard.sur_cent("sujet") == premier
        suite = {hasard.sur_cent(f"sujet {rang}") for rang in range(200)}
    assert min(suite) >= 0
    assert max(suite) <= 99
    assert len(suite) > 20


@pytest.mark.parametrize(("tire", "attendue"), [(9, 1), (10, 0)])
def test_la_part_est_celle_de_la_regle(monkeypatch: pytest.MonkeyPatch, tire: int, attendue: int) -> None:
    """La règle dit 10 pour cent : le tirage 9 est relu, le tirage 10 ne l'est pas."""
    monkeypatch.setattr(hasard, "sur_cent", lambda _sujet: tire)
    Scene().reconnue()
    assert RevueQualite.objects.count() == attendue


def test_seule_une_reconnaissance_evidente_se_tire(toutes: None) -> None:
    Scene().emise()
    Scene().temporaire()
    assert not RevueQualite.objects.exists()


def test_relire_ne_change_pas_la_decision_et_laisse_un_retour(toutes: None) -> None:
    scene = Scene().reconnue()
    avant = Decision.objects.filter(demande=scene.demande).values().get()
    etat = scene.demande.etat
    scene.joue("chef_bureau", "relire_qualite", constats=["date"], note="Dire pourquoi ce jour.")
    revue = RevueQualite.objects.get()
    assert (revue.relue_par, revue.constats, revue.note) == (scene["chef_bureau"], ["date"], "Dire pourquoi ce jour.")
    assert Decision.objects.filter(demande=scene.demande).values().get() == avant
    assert scene.demande.etat == etat
    tache = Tache.objects.get(code=Tache.Code.QUALITE_A_LIRE)
    assert "mal justifiée" in tache.note
    assert Entree.objects.get(acte="relire_qualite", nature="acte").details["constats"] == ["date"]


def test_rien_a_reprendre_ne_laisse_aucune_tache(toutes: None) -> None:
    scene = Scene().reconnue()
    scene.joue("chef_bureau", "relire_qualite", constats=["conforme"])
    assert not Tache.objects.filter(code=Tache.Code.QUALITE_A_LIRE).exists()
    assert scene.refuse("chef_bureau", "relire_qualite", constats=["conforme"]) == "etat_interdit"


@pytest.mark.parametrize(
    ("par", "donnees", "code"),
    [
        ("agent", {"constats": ["conforme"]}, "acces_refuse"),
        ("chef_drra", {"constats": ["conforme"]}, "acces_refuse"),
        ("chef_bureau", {}, "champ_manquant"),
        ("chef_bureau", {"constats": ["inconnu"]}, "champ_invalide"),
        ("chef_bureau", {"constats": ["conforme", "date"]}, "champ_invalide"),
        ("chef_bureau", {"constats": ["date"]}, "champ_manquant"),
    ],
)
def test_refus_de_relire(toutes: None, par: str, donnees: dict[str, Any], code: str) -> None:
    scene = Scene().reconnue()
    assert scene.refuse(par, "relire_qualite", **donnees) == code
    assert RevueQualite.objects.get().relue_le is None


def test_une_decision_changee_en_revision_est_a_relire() -> None:
    scene = Scene().en_revision()
    scene.joue("reviseuse", "juger_recevabilite", recevable="oui")
    donnees = {
        "issue": "infirmee", "ce_qui_differe": "La durée.", "cause": "preuve_nouvelle",
        "date_effet": scene.instant.date(),
    }  # fmt: skip
    scene.joue("reviseur", "rendre_revision", **donnees)
    scene.joue("reviseuse", "rendre_revision", issue="infirmee")
    assert not RevueQualite.objects.exists()
    decision = Decision.objects.get()
    assert effet.histoire(decision) == []
    scene.joue("systeme", "emettre_lettres")
    decision = Decision.objects.get()
    assert [une.origine for une in effet.histoire(decision)] == ["revision"]
    assert RevueQualite.objects.get().raison == RevueQualite.Raison.RENVERSEE


def test_les_pages_du_chef(toutes: None) -> None:
    scene = Scene().reconnue()
    reference = scene.dossier.reference
    with horloge.figer(scene.instant):
        chef = session(scene["chef_bureau"])
        liste = lu(chef.get("/equipe/qualite/"))
        assert reference in liste
        assert "moins de 5" in liste
        adresse = f"/equipe/{reference}/qualite/"
        assert "Ce qui a été décidé" in lu(chef.get(adresse))
        vide = lu(chef.post(adresse, {}))
        assert "Cochez au moins un constat." in vide
        sans_note = lu(chef.post(adresse, {"constats": ["lettre"]}))
        assert "Dites en une phrase" in sans_note
        deux = lu(chef.post(adresse, {"constats": ["conforme", "lettre"], "note": "x"}))
        assert "ne va avec aucun autre constat" in deux
        assert chef.post(adresse, {"constats": ["lettre"], "note": "Phrase trop longue."}).status_code == 302
        assert "Phrase trop longue." in lu(chef.get(adresse))
        assert session(scene["agent"]).get(adresse).status_code == 404
        assert session(scene["agent"]).get("/equipe/qualite/").status_code == 404


def test_sans_revue_la_page_n_existe_pas() -> None:
    scene = Scene().emise()
    with horloge.figer(scene.instant):
        assert session(scene["chef_bureau"]).get(f"/equipe/{scene.dossier.reference}/qualite/").status_code == 404
        assert "Aucune décision n'attend" in lu(session(scene["chef_bureau"]).get("/equipe/qualite/"))
    assert qualite.du_dossier(scene.dossier) is None
