"""Les mois vers le revenu de base : 66 dans 72, aux bornes; chacun avec sa source; rien ne se décide."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from decisions import prb
from decisions.models import MoisSolidarite
from socle import horloge
from tests.decisions.lecture import lu
from tests.fabriques import Scene
from tests.formulaires.test_vues_sr2100 import session

JOUR = date(2026, 2, 28)
SAISIE = {"du": date(2025, 11, 15), "au": date(2026, 1, 3), "source": "solidarite", "note": "Relevé de 2025."}


@pytest.mark.bornes("revenu_de_base", "veille", "jour", "lendemain")
@pytest.mark.parametrize(
    ("depuis", "nombre", "comptes", "manque"),
    [(0, 65, 65, 1), (0, 66, 66, 0), (0, 67, 67, 0), (6, 66, 66, 0), (7, 66, 65, 1), (72, 66, 0, 66)],
)
def test_soixante_six_mois_dans_soixante_douze(depuis: int, nombre: int, comptes: int, manque: int) -> None:
    """`depuis` : il y a combien de mois finit la suite; la fenêtre finit avec le mois en cours."""
    fin = prb.decaler(prb.premier_du_mois(JOUR), -depuis)
    compte = prb.compter(prb.suite(prb.decaler(fin, 1 - nombre), fin), JOUR, 66, 72)
    assert (compte.comptes, compte.manque) == (comptes, manque)
    assert (compte.du, compte.au) == (date(2020, 3, 1), date(2026, 2, 1))


def test_un_mois_a_venir_ou_redit_ne_compte_pas_deux_fois() -> None:
    compte = prb.compter([date(2026, 3, 1), date(2026, 2, 1), date(2026, 2, 15)], JOUR, 66, 72)
    assert compte.comptes == 1


def test_la_suite_traverse_l_annee() -> None:
    assert prb.suite(date(2025, 11, 30), date(2026, 1, 1)) == [
        date(2025, 11, 1),
        date(2025, 12, 1),
        date(2026, 1, 1),
    ]
    assert prb.suite(date(2026, 2, 1), date(2026, 1, 31)) == []


@pytest.mark.django_db
def test_consigner_puis_retirer_un_mois() -> None:
    scene = Scene().reconnue()
    etat = scene.demande.etat
    scene.joue("agent", "consigner_mois_solidarite", **SAISIE)
    assert MoisSolidarite.objects.filter(retire_le__isnull=True).count() == 3
    # Un mois déjà compté n'est pas doublé; les autres entrent.
    scene.joue("agent", "consigner_mois_solidarite", **{**SAISIE, "au": date(2026, 2, 2), "source": "soins"})
    assert MoisSolidarite.objects.get(mois=date(2026, 2, 1)).source == "soins"
    assert MoisSolidarite.objects.count() == 4
    premier = MoisSolidarite.objects.get(mois=date(2025, 11, 1))
    scene.joue("agent", "retirer_mois_solidarite", mois=premier.pk)
    premier.refresh_from_db()
    assert premier.retire_par == scene["agent"]
    assert scene.refuse("agent", "retirer_mois_solidarite", mois=premier.pk) == "champ_invalide"
    assert scene.demande.etat == etat


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("par", "change", "code"),
    [
        ("prestataire", {}, "acces_refuse"),
        ("agent_ailleurs", {}, "acces_refuse"),
        ("agent", {"note": " "}, "champ_manquant"),
        ("agent", {"du": None}, "champ_manquant"),
        ("agent", {"source": "autre"}, "champ_invalide"),
        ("agent", {"au": date(2025, 10, 31)}, "champ_invalide"),
        ("agent", {"au": date(2026, 3, 1)}, "champ_invalide"),
        ("agent", {"du": date(1990, 1, 1)}, "champ_invalide"),
        ("agent", {"du": "hier"}, "champ_invalide"),
    ],
)
def test_refus_de_consigner(par: str, change: dict[str, Any], code: str) -> None:
    scene = Scene().reconnue()
    assert scene.refuse(par, "consigner_mois_solidarite", **{**SAISIE, **change}) == code
    assert not MoisSolidarite.objects.exists()


@pytest.mark.django_db
def test_les_memes_mois_deux_fois_se_disent() -> None:
    scene = Scene().reconnue()
    scene.joue("agent", "consigner_mois_solidarite", **SAISIE)
    assert scene.refuse("agent", "consigner_mois_solidarite", **SAISIE) == "champ_invalide"
    for mois in (None, "x", 0, 10**9):
        assert scene.refuse("agent", "retirer_mois_solidarite", mois=mois) in ("champ_manquant", "champ_invalide")


@pytest.mark.django_db
def test_la_page_montre_le_compte_et_garde_ce_qui_est_ecrit() -> None:
    scene = Scene().reconnue()
    adresse = f"/dossiers/{scene.dossier.reference}/revenu-de-base/"
    envoi = {
        "geste": "ajouter", "source": "solidarite", "note": "Relevé de 2025.",
        "du_jour": "15", "du_mois": "novembre", "du_annee": "2025",
        "au_jour": "3", "au_mois": "janvier", "au_annee": "2026",
    }  # fmt: skip
    with horloge.figer(scene.instant):
        client = session(scene["agent"])
        assert "Aucun mois n'est encore consigné." in lu(client.get(adresse))
        faute = client.post(adresse, {**envoi, "au_annee": "2024"})
        assert "Le dernier mois doit suivre le premier." in lu(faute)
        assert faute.context["form"]["note"].value() == "Relevé de 2025."
        assert client.post(adresse, envoi).status_code == 302
        page = lu(client.get(adresse))
        assert "<strong>3</strong> mois comptés sur les 66 requis" in page
        assert "Il en manque 63 : 66 moins 3." in page
        mois = MoisSolidarite.objects.order_by("mois").first()
        assert mois is not None
        assert client.post(adresse, {"geste": "retirer", "mois": str(mois.pk)}).status_code == 302
        perime = client.post(adresse, {"geste": "retirer", "mois": str(mois.pk)})
        assert perime.status_code == 200
        assert "Ce mois n'est plus au compte" in lu(perime)
        sommaire = lu(client.get(f"/dossiers/{scene.dossier.reference}/"))
        assert adresse in sommaire
        assert session(scene["agent_ailleurs"]).get(adresse).status_code == 404
