"""L'entrevue : convenue, déplacée, annulée, tenue; la personne la voit, aucune lettre ne part."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from correspondance.models import Lettre
from revision.models import Entrevue, EntrevuePrevue
from socle import horloge
from tests.fabriques import Scene
from tests.formulaires.test_vues_sr2100 import session

pytestmark = pytest.mark.django_db
MODE = "Par téléphone"
DITE = "13\u00a0h\u00a030"


@pytest.fixture
def scene() -> Scene:
    preparee = Scene().en_revision()
    preparee.joue("reviseuse", "juger_recevabilite", recevable="oui")
    return preparee


def _quand(scene: Scene, jours: int = 5) -> datetime:
    return horloge.heure_locale(horloge.jour_civil(scene.instant) + timedelta(days=jours), 13, 30)


def _prevue() -> EntrevuePrevue:
    return EntrevuePrevue.objects.get(annulee_le__isnull=True, tenue__isnull=True)


def test_prevoir_prend_la_duree_de_la_regle_et_ne_poste_rien(scene: Scene) -> None:
    lettres = Lettre.objects.count()
    scene.joue("reviseur", "planifier_entrevue", prevue_le=_quand(scene), mode=MODE)
    assert (_prevue().minutes, _prevue().mode) == (40, MODE)
    assert Lettre.objects.count() == lettres


def test_deplacer_annule_l_ancienne(scene: Scene) -> None:
    scene.joue("reviseur", "planifier_entrevue", prevue_le=_quand(scene), mode=MODE)
    scene.joue("reviseuse", "planifier_entrevue", prevue_le=_quand(scene, 8), mode=MODE, minutes=60)
    assert _prevue().prevue_le == _quand(scene, 8)
    assert EntrevuePrevue.objects.get(annulee_le__isnull=False).raison == "Déplacée."


def test_tenir_mene_a_la_note(scene: Scene) -> None:
    scene.joue("reviseur", "planifier_entrevue", prevue_le=_quand(scene), mode=MODE)
    scene.attendre(days=5, hours=6)
    scene.joue("reviseur", "tenir_entrevue", mode=MODE, note="Ce qui a été dit.")
    assert EntrevuePrevue.objects.get().tenue == Entrevue.objects.get()


def test_tenir_sans_rien_de_prevu_reste_permis(scene: Scene) -> None:
    scene.joue("reviseur", "tenir_entrevue", mode=MODE, note="Appel de la personne.")
    assert not EntrevuePrevue.objects.exists()


@pytest.mark.parametrize(
    ("donnees", "code"),
    [
        ({"mode": MODE}, "champ_manquant"),
        ({"prevue_le": "demain", "mode": MODE}, "champ_invalide"),
        (
            {"prevue_le": horloge.heure_locale(date(2027, 1, 4), 13).replace(tzinfo=None), "mode": MODE},
            "champ_invalide",
        ),
        ({"prevue_le": horloge.heure_locale(date(2020, 1, 6), 9), "mode": MODE}, "champ_invalide"),
    ],
)
def test_refus(scene: Scene, donnees: dict[str, Any], code: str) -> None:
    assert scene.refuse("reviseur", "planifier_entrevue", **donnees) == code
    assert not EntrevuePrevue.objects.exists()


@pytest.mark.parametrize("minutes", [9, 241, "40"])
def test_une_duree_hors_bornes(scene: Scene, minutes: Any) -> None:
    donnees = {"prevue_le": _quand(scene), "mode": MODE, "minutes": minutes}
    assert scene.refuse("reviseur", "planifier_entrevue", **donnees) == "champ_invalide"


def test_seuls_les_reviseurs_affectes(scene: Scene) -> None:
    donnees = {"prevue_le": _quand(scene), "mode": MODE}
    for qui in ("agent", "medecin", "chef_drra", "prestataire", "reviseur2"):
        assert scene.refuse(qui, "planifier_entrevue", **donnees) == "acces_refuse"


def test_annuler_exige_une_entrevue_et_une_raison(scene: Scene) -> None:
    assert scene.refuse("reviseur", "annuler_entrevue", raison="Malade.") == "etat_interdit"
    scene.joue("reviseur", "planifier_entrevue", prevue_le=_quand(scene), mode=MODE)
    assert scene.refuse("reviseur", "annuler_entrevue", raison=" ") == "champ_manquant"
    scene.joue("reviseur", "annuler_entrevue", raison="La personne est malade.")
    assert not EntrevuePrevue.objects.filter(annulee_le__isnull=True).exists()


def _envoi(scene: Scene, **change: str) -> dict[str, str]:
    jour = horloge.jour_civil(_quand(scene))
    envoi = {
        "geste": "prevoir",
        "jour_jour": str(jour.day),
        "jour_mois": str(jour.month),
        "jour_annee": str(jour.year),
        "heure": "13 h 30",
        "mode": MODE,
        "minutes": "40",
        "precisions": "418 555-0100",
    }
    return {**envoi, **change}


def test_l_ecran_prevoit_montre_a_la_personne_et_annule(scene: Scene) -> None:
    url = f"/revision/{scene.dossier.reference}/entrevue/prevoir/"
    with horloge.figer(scene.instant):
        client = session(scene["reviseur"])
        assert 'value="40"' in client.get(url).content.decode()
        assert client.post(url, _envoi(scene)).status_code == 302
        assert _prevue().prevue_le == _quand(scene)
        assert DITE in client.get(f"/revision/{scene.dossier.reference}/").content.decode()
        assert DITE in client.get("/revision/?file=entrevue").content.decode()
        suivi = session(scene["prestataire"]).get("/suivi/").content.decode()
        assert "Votre entrevue avec l'équipe de révision" in suivi
        assert "418 555-0100" not in suivi
        sans = client.post(url, {"geste": "annuler", "raison": ""}).content.decode()
        assert "Annuler l'entrevue" in sans
        assert client.post(url, {"geste": "annuler", "raison": "Malade."}).status_code == 302
        assert "Votre entrevue avec" not in session(scene["prestataire"]).get("/suivi/").content.decode()


@pytest.mark.parametrize(
    ("change", "champ"),
    [
        ({"heure": "midi"}, "heure"),
        ({"jour_annee": "2020"}, "jour"),
        ({"minutes": "5"}, "minutes"),
        ({"mode": ""}, "mode"),
    ],
)
def test_l_erreur_est_pres_du_champ_et_rien_n_est_perdu(scene: Scene, change: dict[str, str], champ: str) -> None:
    with horloge.figer(scene.instant):
        reponse = session(scene["reviseur"]).post(
            f"/revision/{scene.dossier.reference}/entrevue/prevoir/", _envoi(scene, **change)
        )
    assert reponse.status_code == 200
    assert champ in reponse.context["form"].errors
    assert "418 555-0100" in reponse.content.decode()
    assert not EntrevuePrevue.objects.exists()
