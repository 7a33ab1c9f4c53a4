"""« Expliquer la décision » : les mots de la lettre, raisons comprises, et l'appel à trois sur demande."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from dossiers.models import Echange, Tache
from socle import horloge
from tests.decisions.lecture import lu
from tests.fabriques import REFUS, Scene
from tests.formulaires.test_vues_sr2100 import session

pytestmark = pytest.mark.django_db
PHRASE = "Selon nous, un emploi assis reste possible pour vous."


def _emise() -> Scene:
    scene = Scene().a_signer()
    phrases = {"contraintes_non_severes": PHRASE}
    scene.joue("medecin", "signer_decision", issue="non_reconnue", **REFUS, phrases_motifs=phrases)
    scene.joue("specialiste", "signer_decision", issue="non_reconnue")
    scene.joue("systeme", "emettre_lettres")
    return scene


def _page(scene: Scene) -> str:
    return f"/dossiers/{scene.dossier.reference}/expliquer/"


def test_la_feuille_dit_les_raisons_de_la_lettre() -> None:
    scene = _emise()
    with horloge.figer(scene.instant):
        page = lu(session(scene["agent"]).get(_page(scene)))
    assert PHRASE in page
    assert "Ce qui pourrait changer la décision" in page
    assert "Dernier jour" in page
    assert "Prévoir l'appel à trois" in page


def test_avant_la_lettre_il_n_y_a_rien_a_expliquer() -> None:
    scene = Scene().decidee()
    with horloge.figer(scene.instant):
        page = lu(session(scene["agent"]).get(_page(scene)))
    assert "Aucune lettre de décision n'est encore partie." in page
    assert PHRASE not in page


def test_prevoir_l_appel_a_trois_ecrit_a_l_evaluateur_et_date_la_tache() -> None:
    scene = _emise()
    etat, jour = scene.demande.etat, scene.instant.date() + timedelta(days=3)
    scene.joue("agent", "demander_appel_a_trois", evaluateur=scene["medecin"], prevu_le=jour, note="La durée.")
    tache = Tache.objects.get(code=Tache.Code.APPEL_A_TROIS)
    assert (tache.avant_le, tache.close_le) == (jour, None)
    message = Echange.objects.filter(a=scene["medecin"]).latest("pk")
    assert "La durée." in message.texte
    assert message.reponse_avant == jour
    assert scene.demande.etat == etat


@pytest.mark.parametrize(
    ("par", "change", "code"),
    [
        ("prestataire", {}, "acces_refuse"),
        ("medecin", {}, "acces_refuse"),
        ("agent", {"evaluateur": None}, "champ_manquant"),
        ("agent", {"prevu_le": None}, "champ_manquant"),
        ("agent", {"evaluateur": "medecin2"}, "champ_invalide"),
        ("agent", {"prevu_le": -1}, "champ_invalide"),
    ],
)
def test_refus_de_l_appel_a_trois(par: str, change: dict[str, Any], code: str) -> None:
    scene = _emise()
    donnees: dict[str, Any] = {"evaluateur": "medecin", "prevu_le": 3, **change}
    if donnees["evaluateur"]:
        donnees["evaluateur"] = scene[donnees["evaluateur"]]
    if donnees["prevu_le"]:
        donnees["prevu_le"] = scene.instant.date() + timedelta(days=donnees["prevu_le"])
    assert scene.refuse(par, "demander_appel_a_trois", **donnees) == code
    assert not Tache.objects.filter(code=Tache.Code.APPEL_A_TROIS).exists()


@pytest.mark.parametrize("etape", [Scene.decidee, Scene.temporaire, Scene.reconnue])
def test_sans_decision_evaluee_recue_l_appel_n_existe_pas(etape: Any) -> None:
    scene = etape(Scene())
    donnees = {"evaluateur": scene["medecin"], "prevu_le": scene.instant.date()}
    assert scene.refuse("agent", "demander_appel_a_trois", **donnees) == "etat_interdit"


def test_l_ecran_de_l_appel_a_trois() -> None:
    scene = _emise()
    jour = scene.instant.date() + timedelta(days=2)
    envoi = {
        "geste": "trois", "trois-evaluateur": str(scene["medecin"].pk), "trois-note": "La durée.",
        "trois-prevu_le_jour": str(jour.day), "trois-prevu_le_mois": str(jour.month),
        "trois-prevu_le_annee": str(jour.year - 1),
    }  # fmt: skip
    with horloge.figer(scene.instant):
        client = session(scene["agent"])
        faute = client.post(_page(scene), envoi)
        assert faute.status_code == 200
        assert "Choisissez aujourd'hui ou une date à venir." in lu(faute)
        assert faute.context["form"]["note"].value() == "La durée."
        assert client.post(_page(scene), {**envoi, "trois-prevu_le_annee": str(jour.year)}).status_code == 302
        page = lu(client.get(_page(scene)))
        assert "Un appel à trois est prévu" in page
        assert "Prévoir l'appel à trois" not in page
        assert client.post(_page(scene), {"dits": ["decision", "trois"], "note": ""}).status_code == 302
    assert "appel à trois" in Tache.objects.get(code=Tache.Code.DECISION_A_EXPLIQUER).note


def test_la_feuille_reste_a_portee_une_fois_expliquee() -> None:
    scene = _emise()
    with horloge.figer(scene.instant):
        client = session(scene["agent"])
        assert client.post(_page(scene), {"dits": ["decision"], "note": ""}).status_code == 302
        assert _page(scene) in lu(client.get(f"/dossiers/{scene.dossier.reference}/"))
