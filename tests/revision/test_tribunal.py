"""Devant le Tribunal : étapes notées, jugement, intérêts à vérifier, pages de l'agent et du réviseur."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from dossiers.etats import Etat
from dossiers.models import Piece, Tache
from dossiers.porte import executer
from revision.models import CahierTAQ, EtapeTAQ, JugementTAQ, RecoursTAQ
from revision.regles_taq import interets_a_verifier
from socle import horloge
from socle.dates_en_mots import date_longue
from tests.fabriques import Scene, scene
from tests.outils_requetes import requetes

pytestmark = pytest.mark.django_db


@pytest.fixture
def devant() -> Iterator[Scene]:
    """Une scène devant le Tribunal, à l'heure de la scène."""
    jouee = scene(Etat.DEVANT_TAQ)
    with horloge.figer(jouee.instant + timedelta(hours=1)):
        yield jouee


def client(jouee: Scene, cle: str) -> Client:
    navigateur = Client()
    navigateur.force_login(jouee[cle])
    return navigateur


def url(jouee: Scene, suite: str = "") -> str:
    return f"/dossiers/{jouee.dossier.reference}/tribunal/{suite}"


def jour(de_plus: int = 0) -> Any:
    return horloge.aujourd_hui() + timedelta(days=de_plus)


# --- Étapes -------------------------------------------------------------------------------------
def test_une_etape_se_note_sans_changer_l_etat(devant: Scene) -> None:
    devant.joue("agent", "noter_taq", genre="conciliation_prevue", le=jour(40), note="À Montréal.")
    devant.joue("agent", "noter_taq", genre="conciliation_tenue", le=jour())
    assert devant.demande.etat == Etat.DEVANT_TAQ
    notees = EtapeTAQ.objects.order_by("pk")
    assert [(une.genre, une.note) for une in notees] == [
        ("conciliation_prevue", "À Montréal."),
        ("conciliation_tenue", ""),
    ]


@pytest.mark.parametrize(
    ("donnees", "code"),
    [
        ({}, "champ_manquant"),
        ({"genre": "audience_tenue"}, "champ_manquant"),
        ({"genre": "x", "le": 0}, "champ_invalide"),
        ({"genre": "audience_tenue", "le": 1}, "champ_invalide"),  # tenue demain
        ({"genre": "audience_tenue", "le": -1}, "champ_invalide"),  # avant le dépôt du recours
        ({"genre": "interets", "le": 0}, "champ_invalide"),  # rien n'est jugé
        ({"genre": "audience_prevue", "le": 0, "note": "x" * 4_001}, "champ_invalide"),
        ({"genre": "audience_tenue", "le": 0}, ""),
        ({"genre": "audience_prevue", "le": 1}, ""),
    ],
)
def test_ce_qu_une_etape_exige(devant: Scene, donnees: dict[str, Any], code: str) -> None:
    if "le" in donnees:
        donnees = {**donnees, "le": jour(donnees["le"])}
    assert devant.refuse("agent", "noter_taq", **donnees) == code
    assert EtapeTAQ.objects.exists() is (code == "")


@pytest.mark.parametrize("par", ["prestataire", "reviseur", "agent_ailleurs", "chef_drra", "medecin"])
def test_l_agent_du_bureau_seul_note(devant: Scene, par: str) -> None:
    assert devant.refuse(par, "noter_taq", genre="audience_tenue", le=jour()) == "acces_refuse"


@pytest.mark.parametrize("etat", [Etat.EN_REVISION, Etat.REVISION_RENDUE, Etat.JUGEMENT_TAQ])
def test_sans_recours_ouvert_rien_ne_se_note(etat: str) -> None:
    jouee = scene(etat)
    assert jouee.refuse("agent", "noter_taq", genre="audience_tenue", le=jouee.instant.date()) == "etat_interdit"


# --- Jugement -----------------------------------------------------------------------------------
@pytest.mark.bornes("interet_tribunal", "cas")
@pytest.mark.parametrize(
    ("issue", "attendu"),
    [
        ("infirmee", True), ("modifiee", True), ("Infirmée", True), ("renvoi", False), ("Renvoi", False),
        ("maintenue", False), ("rejetée", False), ("desistement", False),
    ],
)  # fmt: skip
def test_un_interet_est_a_verifier_quand_la_decision_change(issue: str, attendu: bool) -> None:
    """Source : loi sur l'aide aux personnes et aux familles, art. 119."""
    assert interets_a_verifier(issue) is attendu


def test_le_jugement_dit_ce_qu_il_change(devant: Scene) -> None:
    piece = executer("verser_piece", acteur=devant["agent"], dossier=devant.dossier, nature="Jugement", titre="TAQ")
    devant.joue(
        "agent", "consigner_taq", issue="infirmee", juge_le=jour(), ce_qui_change="Contraintes reconnues.",
        date_effet=jour(-30), piece=str(piece.pk),
    )  # fmt: skip
    lu = JugementTAQ.objects.get()
    assert (lu.rendu_le, lu.ce_qui_change, lu.date_effet, lu.piece) == (
        jour(),
        "Contraintes reconnues.",
        jour(-30),
        piece,
    )
    assert lu.interets_dus
    assert devant.demande.etat == Etat.JUGEMENT_TAQ


def test_l_issue_seule_suffit(devant: Scene) -> None:
    devant.joue("agent", "consigner_taq", issue="rejetée")
    lu = JugementTAQ.objects.get()
    assert (lu.rendu_le, lu.ce_qui_change, lu.piece, lu.interets_dus) == (None, "", None, False)


def test_la_piece_d_un_autre_dossier_est_refusee(devant: Scene) -> None:
    autre = scene(Etat.RECUE)
    ailleurs = executer("verser_piece", acteur=autre["agent"], dossier=autre.dossier, nature="Jugement", titre="TAQ")
    for piece in (ailleurs.pk, "abc", 0, True):
        assert devant.refuse("agent", "consigner_taq", issue="infirmee", piece=piece) == "champ_invalide"
    assert RecoursTAQ.objects.get().issue == ""
    assert not JugementTAQ.objects.exists()


@pytest.mark.parametrize("ecart", [1, -1])
def test_un_jugement_est_entre_le_recours_et_aujourd_hui(devant: Scene, ecart: int) -> None:
    assert devant.refuse("agent", "consigner_taq", issue="infirmee", juge_le=jour(ecart)) == "champ_invalide"


@pytest.mark.parametrize(("issue", "nombre"), [("infirmee", 1), ("modifiee", 1), ("rejetée", 0), ("renvoi", 0)])
def test_un_jugement_qui_renverse_demande_de_verifier_l_interet(devant: Scene, issue: str, nombre: int) -> None:
    """La même tâche qu'après une révision, comptée de la première décision (art. 119)."""
    devant.joue("agent", "consigner_taq", issue=issue)
    taches = Tache.objects.filter(dossier=devant.dossier, code=Tache.Code.INTERETS_REVISION)
    assert taches.count() == nombre
    if not nombre:
        return
    tache = taches.get()
    emise = devant.demande.decision_emise_le
    assert emise is not None
    assert date_longue(emise) in tache.note
    assert tache.avant_le is not None
    assert tache.avant_le > horloge.jour_civil(devant.instant)
    devant.joue("agent", "noter_taq", genre="interets", le=horloge.jour_civil(devant.instant))
    tache.refresh_from_db()
    assert (tache.close_par, tache.close_le) == (devant["agent"], devant.instant)


def test_les_interets_se_verifient_une_fois(devant: Scene) -> None:
    devant.joue("agent", "consigner_taq", issue="infirmee")
    assert "La décision est infirmée. Consignée le" in client(devant, "agent").get(url(devant)).content.decode()
    assert "Un intérêt peut être dû" in client(devant, "agent").get(url(devant)).content.decode()
    devant.joue("agent", "noter_taq", genre="interets", le=jour(), note="Versés.")
    assert not JugementTAQ.objects.get().interets_dus
    assert "Un intérêt peut être dû" not in client(devant, "agent").get(url(devant)).content.decode()
    assert devant.refuse("agent", "noter_taq", genre="interets", le=jour()) == "etat_interdit"


# --- Pages --------------------------------------------------------------------------------------
def test_noter_depuis_la_page_garde_ce_qui_est_ecrit(devant: Scene) -> None:
    navigateur = client(devant, "agent")
    page = navigateur.get(url(devant)).content.decode()
    assert "Aucune conciliation ni audience" in page
    assert "Cahier pour le Tribunal" not in page
    fautive = navigateur.post(url(devant, "noter/"), {"genre": "audience_prevue", "note": "Salle 4"}).content.decode()
    assert "écrivez la date de cette étape." in fautive
    assert "Salle 4" in fautive
    trop_tot = jour(-1)
    champs = {"genre": "audience_prevue", "note": "Salle 4"}
    date = {"le_jour": str(trop_tot.day), "le_mois": str(trop_tot.month), "le_annee": str(trop_tot.year)}
    refusee = navigateur.post(url(devant, "noter/"), {**champs, **date})
    assert refusee.status_code == 200
    assert "Salle 4" in refusee.content.decode()
    bonne = jour(20)
    date = {"le_jour": str(bonne.day), "le_mois": str(bonne.month), "le_annee": str(bonne.year)}
    assert navigateur.post(url(devant, "noter/"), {**champs, **date}).headers["Location"] == url(devant)
    assert "Salle 4" in navigateur.get(url(devant)).content.decode()


def test_l_issue_et_la_piece_depuis_le_geste(devant: Scene) -> None:
    piece = executer(
        "verser_piece", acteur=devant["agent"], dossier=devant.dossier, nature="Jugement", titre="Jugement"
    )
    navigateur, geste = client(devant, "agent"), f"/dossiers/{devant.dossier.reference}/gestes/consigner-taq/"
    assert "Jugement, " in navigateur.get(geste).content.decode()
    demain = jour(1)
    champs = {"issue": "modifiee", "ce_qui_change": "La date d'effet.", "piece": str(piece.pk)}
    date = {"juge_le_jour": str(demain.day), "juge_le_mois": str(demain.month), "juge_le_annee": str(demain.year)}
    fautive = navigateur.post(geste, {**champs, **date}).content.decode()
    assert "Cette date est dans l" in fautive
    assert "La date d&#x27;effet." in fautive
    assert navigateur.post(geste, champs).status_code == 302
    lu = JugementTAQ.objects.get()
    assert (lu.piece, lu.ce_qui_change) == (piece, "La date d'effet.")
    assert "La date d&#x27;effet." in navigateur.get(url(devant)).content.decode()


def test_un_renvoi_n_a_pas_de_date_d_effet(devant: Scene) -> None:
    geste = f"/dossiers/{devant.dossier.reference}/gestes/consigner-taq/"
    date = {"date_effet_jour": "1", "date_effet_mois": "2", "date_effet_annee": "2026"}
    page = client(devant, "agent").post(geste, {"issue": "renvoi", **date}).content.decode()
    assert "Un renvoi n" in page
    assert RecoursTAQ.objects.get().issue == ""


def test_l_onglet_nait_avec_le_recours(devant: Scene) -> None:
    sans = scene(Etat.REVISION_RENDUE)
    assert client(sans, "agent").get(url(sans)).status_code == 404
    assert "/tribunal/" not in client(sans, "agent").get(f"/dossiers/{sans.dossier.reference}/").content.decode()
    assert url(devant) in client(devant, "agent").get(f"/dossiers/{devant.dossier.reference}/").content.decode()
    page = client(devant, "reviseur").get(url(devant)).content.decode()
    assert "Cahier pour le Tribunal" in page
    assert "Noter une étape" not in page
    for qui in ("agent_ailleurs", "reviseur2", "medecin", "clinicien", "chef_drra"):
        assert client(devant, qui).get(url(devant)).status_code == 404


def test_noter_sans_recours_ramene_au_dossier() -> None:
    jouee = scene(Etat.REVISION_RENDUE)
    reponse = client(jouee, "agent").get(url(jouee, "noter/"))
    assert reponse.headers["Location"] == f"/dossiers/{jouee.dossier.reference}/"
    assert not Piece.objects.filter(titre="Jugement").exists()


def test_les_pages_ne_comptent_pas_les_lignes(devant: Scene, settings: Any) -> None:
    """Autant de requêtes pour quatre étapes et quatre cahiers que pour deux."""
    settings.REFERENTIELS_FRAICHEUR = 3600
    navigateur, recours = client(devant, "reviseur"), RecoursTAQ.objects.get()
    adresses = (url(devant), f"/revision/{devant.dossier.reference}/cahier/")
    comptes: list[list[int]] = []
    for _ in range(2):
        for _ in range(2):
            EtapeTAQ.objects.create(
                recours=recours, genre="audience_tenue", le=jour(), par=devant["agent"], notee_le=horloge.maintenant()
            )
            CahierTAQ.objects.create(
                recours=recours, par=devant["reviseur"], demande_le=horloge.maintenant(), etat="echec",
                fini_le=horloge.maintenant(), raison_echec="Essai.",
            )  # fmt: skip
        for adresse in adresses:
            navigateur.get(adresse)
        comptes.append([requetes(navigateur, adresse) for adresse in adresses])
    assert comptes[0] == comptes[1]
    assert max(comptes[1]) <= 15
