"""En haut de la page : à qui d'agir, ce qui vient ensuite, le délai; jamais le résultat avant la lettre."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from comptes.models import Compte, Role
from dossiers.etats import Etat
from dossiers.models import ConflitInteret, Dossier
from espaces import suivi
from espaces.suivi_maintenant import Reperage, qui_repond
from socle import horloge
from tests.dossiers.scene import client
from tests.fabriques import ETAPES, RAPPORT_EVIDENT, Scene, scene

pytestmark = pytest.mark.django_db


def _reperages(jouee: Scene) -> list[Reperage]:
    return suivi.suivi(Dossier.objects.get(pk=jouee.dossier.pk))[0].reperages


@pytest.mark.parametrize("etat", ETAPES)
def test_chaque_etat_dit_les_trois(etat: str) -> None:
    jouee = scene(etat)
    lus = _reperages(jouee)
    assert [un.question for un in lus[:2]] == ["À qui d'agir ?", "Et ensuite ?"]
    assert len(lus) == 3
    assert all(un.reponse for un in lus)
    page = client(jouee["prestataire"]).get(reverse("suivi")).content.decode()
    assert lus[0].reponse.replace("'", "&#x27;") in page


@pytest.mark.parametrize(
    ("etat", "attendu"),
    [
        (Etat.A_COMPLETER, "À votre clinique"),
        (Etat.COMPLETE, "À votre bureau"),
        (Etat.TRANSMISE_CSEMS, "Au centre d'évaluation"),
        (Etat.EN_EVALUATION, "Au centre d'évaluation"),
        (Etat.EN_REVISION, "À l'équipe de révision"),
        (Etat.DEVANT_TAQ, "Au Tribunal"),
    ],
)
def test_a_qui_d_agir(etat: str, attendu: str) -> None:
    premier = _reperages(scene(etat))[0]
    assert attendu.lower() in f"{premier.reponse} {premier.detail}".lower()


def test_le_clinicien_attendu_et_l_agent_sont_nommes() -> None:
    jouee = scene(Etat.A_COMPLETER)
    premier = _reperages(jouee)[0]
    assert jouee["clinicien"].nom_complet in premier.detail
    jouee = scene(Etat.COMPLETE)
    jouee.joue("agent", "prendre_dossier")
    assert _reperages(jouee)[0].detail.endswith(f"{jouee['agent'].nom_complet}.")


def test_avant_la_lettre_rien_ne_distingue_un_oui_d_un_non() -> None:
    refusee = Scene().decidee()
    reconnue = Scene().evidente_a_signer()
    reconnue.joue(
        "agent", "signer_decision", issue="reconnue", motifs=["atteinte_et_duree_etablies"],
        date_effet=horloge.jour_civil(reconnue.instant), justification_date="date de la demande",
    )  # fmt: skip
    assert [un.reponse for un in _reperages(refusee)[:2]] == [un.reponse for un in _reperages(reconnue)[:2]]
    assert _reperages(refusee)[0].reponse == "À nous"


def test_une_reconnaissance_preparee_ne_se_devine_pas() -> None:
    complete, preparee = Scene().complete(RAPPORT_EVIDENT), Scene().evidente_a_signer()
    assert _reperages(complete)[1:] == _reperages(preparee)[1:] or (_reperages(complete)[2] == _reperages(preparee)[2])
    assert _reperages(complete)[0].reponse == _reperages(preparee)[0].reponse


def test_quelqu_un_de_nomme_repond_toujours() -> None:
    jouee = scene(Etat.COMPLETE)
    jour = horloge.aujourd_hui()

    def lu() -> tuple[Compte | None, bool]:
        return qui_repond(Dossier.objects.select_related("agent").get(pk=jouee.dossier.pk), jour)

    assert lu() == (jouee["chef_bureau"], False)
    jouee.joue("agent", "prendre_dossier")
    assert lu() == (jouee["agent"], False)
    Compte.objects.filter(pk=jouee["agent"].pk).update(absent_jusqu_au=jour + timedelta(days=2))
    assert lu() == (jouee["chef_bureau"], True)
    page = client(jouee["prestataire"]).get(reverse("suivi")).content.decode()
    assert jouee["chef_bureau"].nom_complet in page
    assert "absent en ce moment" in page
    assert f"{jouee['chef_bureau'].nom_complet} répond à sa place" in page


def test_l_absence_a_venir_ne_compte_pas_le_remplacant_passe_devant_et_le_conflit_ecarte() -> None:
    jouee = scene(Etat.COMPLETE)
    jouee.joue("agent", "prendre_dossier")
    agent, chef, jour = jouee["agent"], jouee["chef_bureau"], horloge.aujourd_hui()
    voisin = Compte.objects.create(nom="Fictif", role=Role.AGENT, bureau=agent.bureau)

    def lu() -> tuple[Compte | None, bool]:
        return qui_repond(Dossier.objects.select_related("agent").get(pk=jouee.dossier.pk), jour)

    demain = jour + timedelta(days=1)
    Compte.objects.filter(pk=agent.pk).update(absent_du=demain, absent_jusqu_au=demain, remplacant=voisin)
    assert lu() == (agent, False)
    Compte.objects.filter(pk=agent.pk).update(absent_du=jour)
    assert lu() == (voisin, True)
    ConflitInteret.objects.create(dossier=jouee.dossier, compte=voisin, declare_le=horloge.maintenant())
    assert lu() == (chef, True)
    Compte.objects.filter(pk=chef.pk).update(is_active=False)
    Compte.objects.filter(bureau=agent.bureau).exclude(pk__in=[agent.pk, voisin.pk]).update(is_active=False)
    assert lu() == (agent, False)
    Compte.objects.filter(pk=agent.pk).update(is_active=False)
    assert lu() == (None, True)
