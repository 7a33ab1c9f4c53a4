"""Le banc mesure les vraies pages : une version courte, pour qu'il ne pourrisse pas."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bench import bases, chrono, codes, formulaires, lettre, liseuse, mesures, pages, rapport, suivi
from cse.peuplement import faits
from cse.peuplement.chargement import charger
from dossiers.models import Dossier

RACINE = Path(__file__).resolve().parent.parent.parent


def taire(_: str) -> None:
    """Ne rien dire du chargement."""


def test_un_centile_est_une_prise() -> None:
    prises = [float(nombre) for nombre in range(100, 0, -1)]
    assert (chrono.centile(prises, 0.5), chrono.centile(prises, 0.95)) == (51.0, 96.0)
    assert chrono.centile([7.0], 0.95) == 7.0


def test_le_rapport_remplace_et_garde(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rapport, "FICHIER", tmp_path / "resultats.json")
    rapport.ecrire([rapport.Resultat("a", 1.0, "ms", "≤ 2", True, volume=10)])
    rapport.ecrire([rapport.Resultat("a", 3.0, "ms", "≤ 2", False, volume=20)])
    rapport.ecrire([rapport.Resultat("a", 1.5, "ms", "≤ 2", True, plancher=0.5, ratio=3.0, volume=10)])
    lus = json.loads(rapport.FICHIER.read_text())
    assert [(un["volume"], un["valeur"]) for un in lus] == [(20, 3.0), (10, 1.5)]
    assert {"nom", "valeur", "unite", "cible", "plancher", "ratio", "volume", "machine", "date"} <= set(lus[0])
    tableau = rapport.tableau([rapport.Resultat("a", 3.0, "ms", "≤ 2", False)])
    assert "3,00" in tableau
    assert "NON" in tableau


def test_la_petite_base_suit_le_volume() -> None:
    assert bases.petit_volume(1_000_000) == bases.REFERENCE
    assert bases.petit_volume(2_000) == 1_000


@pytest.mark.django_db
def test_les_vraies_pages_se_mesurent() -> None:
    charger(300, taire)
    (file, nue), requetes = pages.file(2), pages.requetes()
    assert set(requetes) == set(pages.onglets())
    assert len(requetes) >= 5
    assert max(requetes.values()) <= mesures.REQUETES_MAX
    assert 0 < file.p50 <= file.p95
    sommaire, admin = pages.sommaire(faits.DOSSIER_LOURD, 2)[0], pages.liste_admin(2)
    # Deux prises ne disent pas laquelle est la plus rapide : la comparaison se fait au banc.
    assert min(sommaire.p50, nue.p50, admin.p50) > 0


@pytest.mark.django_db
def test_la_suggestion_d_un_code_se_mesure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(codes, "VOLUME", 200)
    charger(300, taire)
    page, vide = codes.mesurer(2)
    assert min(vide.p50, page.p50) > 0


def test_la_liste_inventee_a_la_forme_d_une_vraie() -> None:
    lignes = codes.inventer(codes.VOLUME)
    assert len({ligne.code for ligne in lignes}) == codes.VOLUME
    assert lignes == codes.inventer(codes.VOLUME)


def test_les_gestes_alternent() -> None:
    """Chaque tour prend tous les gestes, échauffement compris."""
    ordre: list[str] = []
    prises = chrono.alterner([lambda: ordre.append("page"), lambda: ordre.append("nue")], 2)
    assert ordre == ["page", "nue"] * (len(ordre) // 2)
    assert [len(geste) for geste in prises] == [2, 2]


def test_la_cible_suit_la_vitesse_de_la_machine() -> None:
    """Deux fois plus lente, la machine a deux fois plus de temps; pas davantage."""

    def tenue(page: float, nue: float) -> bool:
        return mesures._contre_nue("x", pages.Prise(page, page), pages.Prise(nue, nue), 40, 10).tenue

    assert tenue(39, 10)
    assert not tenue(41, 14)
    assert tenue(79, 28)
    assert not tenue(81, 28)


@pytest.mark.django_db
def test_une_lettre_se_compare_a_weasyprint_nu() -> None:
    notre, nu = lettre.mesurer(2)
    assert notre > 0
    assert nu > 0


@pytest.mark.lent
def test_la_version_courte_tourne() -> None:
    fini = subprocess.run(
        [sys.executable, "-m", "bench"],
        cwd=RACINE,
        env={**os.environ, "VOLUME": "2000", "MESURE": "file_requetes"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert fini.returncode == 0, fini.stdout + fini.stderr
    assert "file_requetes" in fini.stdout


def test_une_mesure_inconnue_se_dit() -> None:
    fini = subprocess.run(
        [sys.executable, "-m", "bench"],
        cwd=RACINE,
        env={**os.environ, "VOLUME": "douze"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert fini.returncode == 1
    assert "VOLUME doit être un nombre" in fini.stderr


@pytest.mark.django_db
def test_le_rapport_medical_se_mesure_sans_rien_laisser() -> None:
    comptes, vues = formulaires.requetes(), formulaires.poids()
    assert {"patient", "diagnostics", "limitations", "duree", "sr2100", "verifier", "decliner"} == set(comptes)
    assert 0 < max(comptes.values()) <= mesures.REQUETES_MAX
    assert all(5 < ko < mesures.POIDS_CLINICIEN_MAX for ko in vues.values())
    assert not Dossier.objects.exists()


@pytest.mark.django_db
def test_le_suivi_de_la_personne_se_pese() -> None:
    vues = suivi.poids()
    assert {"entree", "suivi", "suivi_documents", "suivi_coordonnees"} == set(vues)
    assert all(5 < ko < mesures.POIDS_PRESTATAIRE_MAX for ko in vues.values())
    assert not Dossier.objects.exists()


@pytest.mark.django_db
def test_la_liseuse_se_mesure_sans_rien_laisser() -> None:
    charger(300, taire)
    avant = Dossier.objects.count()
    court = liseuse.pdf(24)
    froide, chaude, nue = liseuse.premieres(1, court)
    assert min(froide.p95, chaude.p95, nue.p95) > 0
    assert min(liseuse.suivantes(2, court)[0].p95, liseuse.sauts(1, court)[0].p95) > 0
    assert Dossier.objects.count() == avant
