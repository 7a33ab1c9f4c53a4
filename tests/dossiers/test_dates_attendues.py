"""Les dates où une réponse est attendue : dites à la personne et à qui l'aide, une fois, selon la portée du mandat."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from correspondance.models import Lettre
from dossiers import silences, travaux
from dossiers.models import Echeance, Mandat, Rappel
from journal.models import Entree
from socle import horloge
from socle.dates_en_mots import date_moyenne
from tests.fabriques import RAPPORT, Scene
from tests.formulaires.test_vues_sr2100 import session

pytestmark = pytest.mark.django_db
Genre = Rappel.Genre


def jour(scene: Scene) -> date:
    return horloge.jour_civil(scene.instant)


def nuit(scene: Scene, le: date) -> None:
    """Les travaux de ce jour."""
    scene.instant = horloge.heure_locale(le, 0, 5)
    with horloge.figer(scene.instant):
        travaux.jouer(scene.dossier)


def nuits(scene: Scene, du: date, au: date) -> None:
    for rang in range((au - du).days + 1):
        nuit(scene, du + timedelta(days=rang))


def mandater(scene: Scene, *portees: str, cle: str = "ressource", **champs: Any) -> Mandat:
    fin = jour(scene) + timedelta(days=300)
    scene.joue(cle, "proposer_mandat", portees=list(portees), jusqu_au=fin, **champs)
    rendu: Mandat = scene.joue("prestataire", "confirmer_mandat", intervenant=scene[cle])
    return rendu


def dits(scene: Scene, genre: str) -> list[str]:
    """À qui ce rappel a été dit, une entrée par rappel."""
    lus = Rappel.objects.filter(dossier=scene.dossier, genre=genre).select_related("pour").order_by("pk")
    noms = {compte.pk: cle for cle, compte in scene.personnes.items()}
    return [noms[un.pour.pk] for un in lus]


def liste(scene: Scene, cle: str = "ressource") -> str:
    """La liste des personnes accompagnées, telle que l'aidant la lit."""
    with horloge.figer(scene.instant):
        return session(scene[cle]).get("/organisme/").content.decode().replace("&#x27;", "'")


def question(a: str = "prestataire") -> Scene:
    scene = Scene().deposee()
    scene.joue("clinicien", "signer_sr2100", **RAPPORT)
    mandater(scene, "voir_etat", "repondre")
    scene.joue("agent", "demander_renseignement", elements=["traitements_essayes"], a=scene[a])
    return scene


def offrir(scene: Scene, jours: int = 20) -> date:
    fin = jour(scene) + timedelta(days=jours)
    scene.joue("medecin", "offrir_occasion", elements=["parcours_travail"], jusqu_au=fin, appel_note="Appel fait.")
    return fin


# --- La question ---------------------------------------------------------------------------------
@pytest.mark.parametrize("a", ["prestataire", "ressource"])
def test_une_question_ouverte_se_rappelle_a_qui_aide_avant_sa_date(a: str) -> None:
    scene = question(a)
    visee = jour(scene) + timedelta(days=30)
    nuit(scene, visee - timedelta(days=6))
    assert dits(scene, Genre.QUESTION_PROCHE) == []
    nuits(scene, visee - timedelta(days=5), visee + timedelta(days=1))
    assert dits(scene, Genre.QUESTION_PROCHE) == ["ressource"]
    assert Rappel.objects.get(genre=Genre.QUESTION_PROCHE).jour == visee


def test_du_temps_pris_redit_la_nouvelle_date_et_fait_taire_l_ancienne() -> None:
    scene = question()
    visee = jour(scene) + timedelta(days=30)
    nuit(scene, visee - timedelta(days=5))
    assert "Une réponse est attendue d'ici le" in liste(scene)
    scene.joue("ressource", "prendre_plus_de_temps")
    assert "Une réponse est attendue d'ici le" not in liste(scene)
    nuit(scene, visee + timedelta(days=14 - 5))
    assert [un.jour for un in Rappel.objects.filter(genre=Genre.QUESTION_PROCHE).order_by("pk")] == [
        visee, visee + timedelta(days=14)
    ]  # fmt: skip


def test_une_pause_ou_une_reponse_fait_taire_la_date() -> None:
    scene = question()
    visee = jour(scene) + timedelta(days=30)
    scene.joue("agent", "suspendre_delai", motif="hospitalisation")
    nuit(scene, visee - timedelta(days=3))
    assert dits(scene, Genre.QUESTION_PROCHE) == []
    scene.joue("agent", "reprendre_delai")
    scene.joue("prestataire", "repondre_renseignement", reponses={"traitements_essayes": "Physiothérapie"})
    nuit(scene, visee - timedelta(days=2))
    assert dits(scene, Genre.QUESTION_PROCHE) == []


@pytest.mark.parametrize(("a", "dit"), [("prestataire", "attendue de la personne"), ("ressource", "vous est posée")])
def test_la_page_du_dossier_dit_la_date_et_offre_du_temps(a: str, dit: str) -> None:
    scene = question(a)
    adresse = f"/organisme/dossiers/{scene.dossier.reference}/"
    with horloge.figer(scene.instant):
        client = session(scene["ressource"])
        page = client.get(adresse)
        assert dit in page.content.decode()
        assert "Plus de temps" in page.content.decode()
        envoi = {"cle": str(page.context["cle_temps"]), "retour": adresse}
        rendue = client.post(f"/dossiers/{scene.dossier.reference}/plus-de-temps/", envoi)
        assert rendue.headers["Location"] == adresse
        assert client.get(adresse).context["attendue"] == jour(scene) + timedelta(days=44)


# --- L'occasion ----------------------------------------------------------------------------------
def test_l_occasion_se_rappelle_aux_deux_une_fois_meme_apres_un_arret_de_l_horaire() -> None:
    scene = Scene().en_evaluation()
    mandater(scene, "repondre")
    fin = offrir(scene)
    nuit(scene, fin - timedelta(days=6))
    assert dits(scene, Genre.OCCASION_PROCHE) == []
    nuits(scene, fin - timedelta(days=2), fin + timedelta(days=2))
    assert dits(scene, Genre.OCCASION_PROCHE) == ["prestataire", "ressource"]


def test_un_aidant_arrive_apres_le_rappel_l_apprend_a_son_tour() -> None:
    scene = Scene().en_evaluation()
    fin = offrir(scene)
    nuit(scene, fin - timedelta(days=5))
    assert dits(scene, Genre.OCCASION_PROCHE) == ["prestataire"]
    mandater(scene, "repondre")
    nuits(scene, fin - timedelta(days=4), fin)
    assert dits(scene, Genre.OCCASION_PROCHE) == ["prestataire", "ressource"]


def test_sans_la_portee_sans_mandat_vivant_ou_sans_organisme_rien_n_est_dit() -> None:
    scene = Scene().en_evaluation()
    mandater(scene, "voir_etat", "verser_pieces")
    mandater(scene, "repondre", cle="ressource_ailleurs")
    fin = offrir(scene)
    scene.joue("prestataire", "revoquer_mandat", intervenant=scene["ressource_ailleurs"])
    mandater(scene, "repondre", cle="representant", titre="avocat")
    scene["representant"].is_active = False
    scene["representant"].save()
    nuit(scene, fin - timedelta(days=3))
    assert dits(scene, Genre.OCCASION_PROCHE) == ["prestataire"]


def test_repondue_l_occasion_ne_se_rappelle_plus() -> None:
    scene = Scene().en_evaluation()
    mandater(scene, "repondre")
    fin = offrir(scene)
    nuit(scene, fin - timedelta(days=5))
    assert "Une réponse avant la décision est attendue" in liste(scene)
    assert f"D'ici le {date_moyenne(fin)}" in liste(scene)
    scene.joue("ressource", "repondre_occasion", texte="Rien à ajouter.")
    lue = liste(scene)
    assert "Une réponse avant la décision est attendue" not in lue
    assert "D'ici le" not in lue


def test_le_rappel_se_tait_des_que_le_mandat_finit() -> None:
    scene = Scene().en_evaluation()
    mandater(scene, "repondre")
    nuit(scene, offrir(scene) - timedelta(days=5))
    scene.joue("prestataire", "revoquer_mandat", intervenant=scene["ressource"])
    assert "Une réponse avant la décision est attendue" not in liste(scene)


# --- La révision ---------------------------------------------------------------------------------
def test_le_temps_pris_pour_completer_la_revision_se_rappelle_aux_deux() -> None:
    scene = Scene().en_revision()
    mandater(scene, "voir_etat", "demander_revision")
    mandater(scene, "voir_etat", cle="ressource_ailleurs")
    fin = jour(scene) + timedelta(days=30)
    scene.joue("ressource", "demander_delai", jusqu_au=fin)
    assert "Compléter la révision d'ici le" in liste(scene)
    assert "Compléter la révision" not in liste(scene, "ressource_ailleurs")
    nuit(scene, fin - timedelta(days=6))
    assert dits(scene, Genre.OBSERVATIONS_PROCHES) == []
    nuits(scene, fin - timedelta(days=5), fin + timedelta(days=1))
    assert dits(scene, Genre.OBSERVATIONS_PROCHES) == ["prestataire", "ressource"]


def test_le_delai_de_recours_se_rappelle_aussi_a_qui_peut_demander_la_revision() -> None:
    scene = Scene().emise()
    mandater(scene, "voir_etat", "demander_revision")
    fin = Echeance.objects.get(dossier=scene.dossier, code=Echeance.Code.DEMANDER_REVISION).date
    assert "Contester d'ici le" in liste(scene)
    nuits(scene, fin - timedelta(days=10), fin - timedelta(days=8))
    assert dits(scene, Genre.RECOURS_PROCHE) == ["prestataire", "ressource"]
    assert "La personne a jusqu'au" in liste(scene)
    scene.joue("ressource", "demander_revision")
    assert "La personne a jusqu'au" not in liste(scene)


# --- Ce que ces rappels ne font pas --------------------------------------------------------------
def test_ni_lettre_ni_dossier_vise_deux_fois_ni_ligne_de_trop() -> None:
    scene = Scene().en_evaluation()
    mandater(scene, "repondre")
    fin = offrir(scene)
    lettres = Lettre.objects.count()
    nuit(scene, fin - timedelta(days=5))
    with horloge.figer(scene.instant):
        assert not silences.a_rappeler().filter(pk=scene.dossier.pk).exists()
    lignes = Entree.objects.filter(acte="rappeler_dates").count()
    nuits(scene, fin - timedelta(days=4), fin)
    assert Entree.objects.filter(acte="rappeler_dates").count() == lignes == 1
    assert Lettre.objects.count() == lettres


def test_un_deces_fait_taire_ces_dates() -> None:
    scene = Scene().en_evaluation()
    mandater(scene, "repondre")
    fin = offrir(scene)
    scene.joue("agent", "constater_deces", le=jour(scene), source="Acte de décès reçu.")
    nuit(scene, fin - timedelta(days=3))
    assert not Rappel.objects.exists()
