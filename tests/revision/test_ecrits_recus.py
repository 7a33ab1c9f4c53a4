"""Tout écrit est une demande de révision : sa forme, qui l'écrit, et rien qui la bloque."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from dossiers.forms_revision import FORMES
from revision.models import Revision
from socle import horloge
from tests.fabriques import Scene
from tests.formulaires.test_vues_sr2100 import session

pytestmark = pytest.mark.django_db


def test_les_formes_de_l_ecran_sont_celles_du_modele() -> None:
    assert {code for code, _ in FORMES} | {"portail"} == set(Revision.Forme.values)


@pytest.mark.parametrize("forme", [*Revision.Forme.values, "", None])
def test_toute_forme_est_recue(forme: str | None) -> None:
    scene = Scene().emise()
    scene.joue("agent", "demander_revision", forme=forme)
    assert Revision.objects.get().forme == (forme or "")


@pytest.mark.parametrize(
    "donnees",
    [
        {"forme": "pigeon"},
        {"representant": "Me Fictif"},
        {"representant": {"nom": "Me Fictif", "age": "50"}},
        {"representant": {"nom": 3.5j}},
        {"prestation_reduite_de_plus_de_moitie": "peut-être"},
        {"reduite_le": "2026-02-03"},
        {"reduite_le": "2026-02-03", "prestation_reduite_de_plus_de_moitie": "non"},
        {"reduite_le": "2099-01-01", "prestation_reduite_de_plus_de_moitie": "oui"},
    ],
)
def test_une_forme_inconnue_est_dite(donnees: dict[str, Any]) -> None:
    assert Scene().emise().refuse("agent", "demander_revision", **donnees) == "champ_invalide"
    assert not Revision.objects.exists()


def test_qui_ecrit_pour_la_personne_est_garde() -> None:
    scene = Scene().emise()
    scene.joue("agent", "demander_revision", forme="avocat", representant={"nom": "Me Fictif", "qualite": "avocat"})
    assert Revision.objects.get().representant == {"nom": "Me Fictif", "preuve": "", "qualite": "avocat"}


def _poster(scene: Scene, **champs: str) -> Any:
    with horloge.figer(scene.instant):
        url = f"/dossiers/{scene.dossier.reference}/gestes/demander-revision/"
        return session(scene["agent"]).post(url, champs)


def test_l_agent_consigne_la_lettre_d_un_avocat() -> None:
    scene = Scene().emise()
    scene.attendre(days=1)
    reponse = _poster(scene, forme="avocat", nom_du_representant="Me Fictif", motifs="Voir ma lettre.")
    assert reponse.status_code == 302
    revision = Revision.objects.get()
    assert (revision.forme, revision.representant["nom"]) == ("avocat", "Me Fictif")


def test_sans_procuration_la_demande_est_recue_et_le_reviseur_le_lit() -> None:
    scene = Scene().emise()
    scene.attendre(days=1)
    assert _poster(scene, forme="ressource", nom_du_representant="Aide Fictive").status_code == 302
    scene.joue("chef_drra", "affecter_reviseur", medecin=scene["reviseur"], specialiste=scene["reviseuse"])
    with horloge.figer(scene.instant):
        page = session(scene["reviseur"]).get(f"/revision/{scene.dossier.reference}/recevabilite/").content.decode()
    assert "La procuration reste à obtenir." in page
    assert "Aide Fictive" in page


def test_une_date_sans_reponse_se_dit_pres_du_champ_et_garde_le_reste() -> None:
    scene = Scene().emise()
    scene.attendre(days=1)
    reponse = _poster(scene, motifs="Mes mots.", reduite_le_jour="3", reduite_le_mois="2", reduite_le_annee="2026")
    assert reponse.status_code == 200
    assert "prestation_reduite_de_plus_de_moitie" in reponse.context["form"].errors
    assert "Mes mots." in reponse.content.decode()
    assert not Revision.objects.exists()


def test_une_demande_tres_tardive_est_recue() -> None:
    scene = Scene().emise()
    scene.attendre(days=400)
    assert _poster(scene, forme="lettre").status_code == 302
    scene.joue("chef_drra", "affecter_reviseur", medecin=scene["reviseur"], specialiste=scene["reviseuse"])
    with horloge.figer(scene.instant):
        page = session(scene["reviseur"]).get(f"/revision/{scene.dossier.reference}/recevabilite/").content.decode()
    assert "La demande est tardive" in page
    assert "réception présumée" in page


def test_la_personne_dit_que_son_aide_est_coupee() -> None:
    scene = Scene().emise()
    scene.attendre(days=1)
    with horloge.figer(scene.instant):
        client = session(scene["prestataire"])
        envoi = {"etape": "verifier", "desaccord": "Je conteste.", "raisons": "", "reduite": "on"}
        assert client.post("/suivi/revision/", envoi).status_code == 302
    revision = Revision.objects.get()
    assert (revision.forme, revision.prestation_reduite) == ("portail", True)
    assert revision.recue_le == horloge.jour_civil(scene.instant)


def test_la_reception_prouvee_change_le_calcul_montre() -> None:
    scene = Scene().emise()
    scene.attendre(days=2)
    scene.joue("agent", "prouver_reception", lettre="refus", recue_le=scene.instant.date())
    scene.attendre(days=1)
    scene.joue("agent", "demander_revision", forme="lettre")
    scene.joue("chef_drra", "affecter_reviseur", medecin=scene["reviseur"], specialiste=scene["reviseuse"])
    with horloge.figer(scene.instant + timedelta(hours=1)):
        page = session(scene["reviseur"]).get(f"/revision/{scene.dossier.reference}/recevabilite/").content.decode()
    assert "réception prouvée" in page
