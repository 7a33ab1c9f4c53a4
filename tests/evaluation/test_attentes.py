"""Ce que l'évaluation attend : dit à l'écran avec sa raison, puis rendu aux deux mêmes personnes."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse

from dossiers.models import Attribution, Demande
from evaluation.attentes import Attente, en_mots, fusionner
from evaluation.models import BrouillonAvis
from socle import horloge
from tests.fabriques import RAPPORT, Scene
from tests.formulaires.test_vues_sr2100 import session

LUNDI = date(2026, 3, 2)


def _jour(rang: int) -> date:
    return LUNDI + timedelta(days=rang)


def test_deux_demandes_qui_se_chevauchent_font_une_pause() -> None:
    duree, seconde = Attente(_jour(0), _jour(4), ("duree",)), Attente(_jour(4), _jour(9), ("parcours", "duree"))
    assert fusionner([seconde, duree]) == [Attente(_jour(0), _jour(9), ("duree", "parcours"))]
    apart = Attente(_jour(5), _jour(6), ("duree",))
    assert fusionner([duree, apart]) == [duree, apart]
    ouverte = Attente(_jour(1), None, ("duree",))
    assert fusionner([duree, ouverte]) == [Attente(_jour(0), None, ("duree",))]
    assert fusionner([]) == []


@pytest.mark.parametrize(
    ("attente", "dit"),
    [
        (Attente(_jour(0), _jour(9), ("Durée des limitations",)), "9 jours : durée des limitations."),
        (Attente(_jour(0), _jour(1), ("Scolarité", "Emplois")), "1 jour : scolarité; emplois."),
        (Attente(_jour(0), _jour(0), ("Scolarité",)), "moins d'un jour : scolarité."),
    ],
)
def test_une_pause_se_dit_avec_sa_raison(attente: Attente, dit: str) -> None:
    mots = en_mots(attente, _jour(30))
    assert mots.startswith("Du 2 ")
    assert mots.endswith(f", {dit}")
    en_cours = en_mots(Attente(attente.du, None, attente.elements), _jour(3))
    assert en_cours.startswith("Depuis le 2 ")
    assert ", 3 jours : " in en_cours


@pytest.mark.django_db
def test_le_dossier_revient_aux_deux_memes_personnes_et_la_pause_reste_dite() -> None:
    scene = Scene().en_evaluation()

    def saisis() -> set[int]:
        vivantes = Attribution.objects.filter(demande__dossier=scene.dossier, au__isnull=True)
        return set(vivantes.filter(qualite=Attribution.Qualite.EVALUATEUR).values_list("qui", flat=True))

    avant = saisis()
    assert len(avant) == 2
    adresse = reverse("dossier_evaluation", args=[scene.dossier.reference])
    client = session(scene["medecin"])
    with horloge.figer(scene.instant):
        client.post(adresse, {"version": "0", "raison_atteinte": "Commencé."})
    scene.joue("medecin", "demander_renseignement", elements=["parcours_travail"], a=scene["prestataire"])
    with horloge.figer(scene.instant):
        page = client.get(adresse).content.decode()
    assert "revient ensuite aux deux mêmes personnes" in page
    assert "Votre brouillon est gardé tel quel." in page
    assert "Depuis le " in page
    scene.attendre(days=9)
    scene.joue("prestataire", "repondre_renseignement", reponses={"parcours_travail": "Livreuse."})
    assert saisis() == avant
    assert Demande.objects.get(dossier=scene.dossier).etat == "en_evaluation"
    with horloge.figer(scene.instant):
        page = client.get(adresse).content.decode()
    assert "9 jours : " in page
    assert "Commencé." in page
    assert BrouillonAvis.objects.get().contenu["raisons"] == {"atteinte": "Commencé."}


@pytest.mark.django_db
def test_proposer_une_rencontre_garde_la_grille_et_mene_au_geste() -> None:
    scene = Scene().en_evaluation()
    adresse = reverse("dossier_evaluation", args=[scene.dossier.reference])
    with horloge.figer(scene.instant):
        client = session(scene["specialiste"])
        suite = client.post(adresse, {"version": "0", "raison_duree": "Commencé.", "geste": "rencontre"})
        assert suite.headers["Location"] == reverse(
            "dossier_geste", args=[scene.dossier.reference, "proposer-rencontre"]
        )
        assert client.get(suite.headers["Location"]).status_code == 200
    assert BrouillonAvis.objects.get().contenu["raisons"] == {"duree": "Commencé."}


@pytest.mark.django_db
def test_demander_un_renseignement_montre_comment_appeler_la_clinique() -> None:
    scene = Scene().en_evaluation()
    adresse = reverse("evaluation_renseignement", args=[scene.dossier.reference])
    dit = "qu'on peut l'appeler"
    with horloge.figer(scene.instant):
        client = session(scene["medecin"])
        assert dit not in client.get(adresse).content.decode()
    scene.joue("clinicien", "signer_sr2100", **{**RAPPORT, "contact": "le matin, poste <b>12</b>"})
    with horloge.figer(scene.instant):
        page = client.get(adresse).content.decode()
        assert f"{dit} : le matin, poste &lt;b&gt;12&lt;/b&gt;" in page
        # L'accord de joindre retiré, la clinique ne s'appelle plus.
        scene.joue("prestataire", "retirer_consentement", objet="joindre_clinicien")
        assert dit not in client.get(adresse).content.decode()
