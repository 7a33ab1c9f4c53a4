"""Nouvelle demande ou révision? Les branches de `domaine.md` §3.4 et leurs bornes, puis les deux pages."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dossiers.models import Echeance
from revision.orientation import Faits, Raison, Voie, conseil
from socle import horloge
from tests.fabriques import RAPPORT, Scene
from tests.formulaires.test_vues_sr2100 import session


@pytest.mark.bornes("nouvelle_demande_ou_revision", "cas")
@pytest.mark.parametrize(
    ("faits", "voie", "raisons"),
    [
        (Faits(None), Voie.ATTENDRE, (Raison.SANS_DECISION,)),
        (Faits(1), Voie.REVISION, (Raison.DANS_LE_DELAI, Raison.SANS_RAPPORT)),
        (Faits(0), Voie.REVISION, (Raison.DANS_LE_DELAI, Raison.SANS_RAPPORT)),
        (Faits(-1), Voie.NOUVELLE_DEMANDE, (Raison.HORS_DELAI, Raison.SANS_RAPPORT)),
        (
            Faits(30, rapport_nouveau=True, rapport_differe=True, deterioration=True),
            Voie.NOUVELLE_DEMANDE,
            (Raison.DETERIORATION, Raison.DANS_LE_DELAI),
        ),
        (
            Faits(30, rapport_nouveau=True, rapport_differe=True),
            Voie.REVISION,
            (Raison.DANS_LE_DELAI, Raison.RAPPORT_DIFFERENT),
        ),
        (Faits(30, rapport_nouveau=True), Voie.REVISION, (Raison.DANS_LE_DELAI, Raison.RECONDUCTION)),
        (Faits(-1, rapport_nouveau=True), Voie.NOUVELLE_DEMANDE, (Raison.HORS_DELAI, Raison.RECONDUCTION)),
        (
            Faits(-1, rapport_nouveau=True, temporaire_du_comite=True),
            Voie.NOUVELLE_DEMANDE,
            (Raison.HORS_DELAI, Raison.INTERROGATION),
        ),
        (
            Faits(-1, rapport_nouveau=True, deterioration=True),
            Voie.NOUVELLE_DEMANDE,
            (Raison.HORS_DELAI, Raison.DETERIORATION),
        ),
        (Faits(-5, en_recours=True), Voie.RECOURS_EN_COURS, (Raison.ATTEND_LE_RECOURS,)),
        (Faits(-5, revisee=True), Voie.NOUVELLE_DEMANDE, (Raison.DEJA_REVISEE, Raison.SANS_RAPPORT)),
        # Une détérioration dite sans rapport nouveau n'en est pas une : elle était déjà connue.
        (Faits(30, deterioration=True), Voie.REVISION, (Raison.DANS_LE_DELAI, Raison.SANS_RAPPORT)),
    ],
)
def test_chaque_branche(faits: Faits, voie: Voie, raisons: tuple[Raison, ...]) -> None:
    assert (conseil(faits).voie, conseil(faits).raisons) == (voie, raisons)


def _pages(scene: Scene) -> tuple[str, str]:
    with horloge.figer(scene.instant):
        personne = session(scene["prestataire"]).get("/suivi/que-faire/")
        agent = session(scene["agent"]).get(f"/dossiers/{scene.dossier.reference}/nouvelle-ou-revision/")
    assert personne.status_code == agent.status_code == 200
    return personne.content.decode(), agent.content.decode()


@pytest.mark.bornes("nouvelle_demande_ou_revision", "veille", "jour", "lendemain")
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("ecart", "voie", "reste"),
    [
        (-1, "une révision", "Il reste 1 jour pour"),
        (0, "une révision", "le dernier jour"),
        (1, "une nouvelle", "passé"),
    ],
)
def test_le_dernier_jour_et_ses_voisins(ecart: int, voie: str, reste: str) -> None:
    scene = Scene().emise()
    dernier = Echeance.objects.get(dossier=scene.dossier, code=Echeance.Code.DEMANDER_REVISION).date
    scene.instant = horloge.heure_locale(dernier + timedelta(days=ecart), 23, 59)
    for page in _pages(scene):
        assert f"D'après les règles : {voie}" in page.replace("&#x27;", "'").replace("\xa0", " ")
        assert reste in page.replace("\xa0", " ")


@pytest.mark.django_db
def test_les_deux_chemins_ont_le_meme_poids() -> None:
    scene = Scene().emise()
    scene.attendre(days=3)
    personne, agent = _pages(scene)
    for page, adresses in (
        (personne, ("/suivi/revision/", "/suivi/demande/")),
        (agent, ("gestes/demander-revision/", "gestes/deposer/")),
    ):
        for adresse in adresses:
            assert adresse in page
    assert "Restez neutre" in agent


@pytest.mark.django_db
def test_un_rapport_qui_dit_la_deterioration_change_le_conseil() -> None:
    scene = Scene().emise()
    scene.attendre(days=3)
    scene.joue("clinicien", "signer_sr2100", **{**RAPPORT, "deterioration": True})
    for page in _pages(scene):
        assert "une nouvelle demande" in page
        assert "détériorée" in page


@pytest.mark.django_db
def test_pendant_une_revision_rien_ne_se_choisit() -> None:
    scene = Scene().en_revision()
    for page in _pages(scene):
        assert "déjà en cours" in page
        assert "gestes/demander-revision" not in page


@pytest.mark.django_db
def test_avant_la_decision_et_sans_demande() -> None:
    scene = Scene().deposee()
    for page in _pages(scene):
        assert "pas encore de décision" in page


@pytest.mark.django_db
def test_un_autre_role_ne_la_voit_pas() -> None:
    scene = Scene().emise()
    with horloge.figer(scene.instant):
        for qui in ("medecin", "chef_csems", "agent_ailleurs", "clinicien"):
            url = f"/dossiers/{scene.dossier.reference}/nouvelle-ou-revision/"
            assert session(scene[qui]).get(url).status_code == 404
