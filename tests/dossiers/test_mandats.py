"""Mandats : la preuve, le titre, la transmission, le départ d'un organisme, la fin d'un recours; refus dans l'ordre."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from comptes import actes as comptes
from comptes.models import Compte, Organisme, Role
from correspondance.models import Lettre
from dossiers import acces
from dossiers.etats import Etat
from dossiers.models import Mandat, Piece
from journal.models import Entree
from referentiels import lecture as referentiels
from socle import horloge
from socle.refus import Refus
from tests.fabriques import Scene

pytestmark = pytest.mark.django_db
PORTEES = ["voir_etat", "repondre", "recevoir_lettres", "demander_revision"]


def jour(scene: Scene) -> date:
    return horloge.jour_civil(scene.instant)


def propose(scene: Scene, cle: str = "ressource", jours: int = 60, **champs: Any) -> Mandat:
    fin = jour(scene) + timedelta(days=jours)
    rendu: Mandat = scene.joue(cle, "proposer_mandat", portees=PORTEES, jusqu_au=fin, **champs)
    return rendu


def mandate(scene: Scene, cle: str = "ressource", jours: int = 60, **champs: Any) -> Mandat:
    propose(scene, cle, jours, **champs)
    rendu: Mandat = scene.joue("prestataire", "confirmer_mandat", intervenant=scene[cle])
    return rendu


def collegue(scene: Scene, de: str = "ressource", **champs: Any) -> Compte:
    """Une personne-ressource du même organisme."""
    return Compte.objects.create_user(
        email=f"collegue.{scene['agent'].nom}.{Compte.objects.count()}@exemple.invalid",
        prenom="Collègue",
        nom="Fictive",
        role=Role.INTERVENANT,
        organisme=scene[de].organisme,
        **champs,
    )


def voit(scene: Scene, qui: Compte, droit: str = "sommaire.lire") -> bool:
    with horloge.figer(scene.instant):
        return acces.peut(Compte.objects.get(pk=qui.pk), droit, scene.dossier)


# --- La preuve ------------------------------------------------------------------------------
def test_l_agent_confirme_par_un_appel_ou_par_un_papier_verse() -> None:
    scene = Scene().deposee()
    propose(scene)
    assert scene.refuse("agent", "confirmer_mandat", moyen="papier") == "champ_manquant"
    assert scene.refuse("agent", "confirmer_mandat", moyen="pigeon") == "champ_invalide"
    assert scene.refuse("agent", "confirmer_mandat", moyen="papier", piece=0) == "champ_invalide"
    piece = scene.joue("agent", "verser_piece", nature="Autre document", titre="Mandat signé")
    mandat = scene.joue("agent", "confirmer_mandat", moyen="papier", piece=piece.pk, preuve="Signature comparée")
    assert (mandat.moyen, mandat.piece_preuve, mandat.confirme_par) == ("papier", piece, scene["agent"])
    autre = Scene().deposee()
    propose(autre)
    assert autre.refuse("agent", "confirmer_mandat", moyen="papier", piece=piece.pk) == "champ_invalide"
    assert autre.joue("agent", "confirmer_mandat").moyen == Mandat.Moyen.APPEL


def test_une_piece_refusee_ne_prouve_rien() -> None:
    scene = Scene().deposee()
    propose(scene)
    piece = scene.joue("agent", "verser_piece", nature="Autre document", titre="Illisible")
    Piece.objects.filter(pk=piece.pk).update(verification=Piece.Verification.REFUSEE)
    assert scene.refuse("agent", "confirmer_mandat", moyen="papier", piece=piece.pk) == "champ_invalide"


def test_la_personne_confirme_sans_papier_et_le_moyen_le_dit() -> None:
    assert mandate(Scene().deposee()).moyen == Mandat.Moyen.SUIVI


# --- Le représentant ------------------------------------------------------------------------
def test_un_representant_dit_son_titre_et_une_personne_ressource_n_en_a_pas() -> None:
    scene = Scene().deposee()
    fin = jour(scene) + timedelta(days=90)
    base = {"portees": ["voir_etat"], "jusqu_au": fin}
    assert scene.refuse("representant", "proposer_mandat", **base) == "champ_manquant"
    assert scene.refuse("representant", "proposer_mandat", **base, titre="cousin") == "champ_invalide"
    assert scene.refuse("ressource", "proposer_mandat", **base, titre="avocat") == "champ_invalide"
    assert scene.joue("representant", "proposer_mandat", **base, titre="avocat").titre == "avocat"


@pytest.mark.parametrize("titre", ["tuteur", "mandataire", "procuration", "avocat", "proche"])
def test_l_ecrit_que_le_titre_demande_est_exige_de_l_agent(titre: str) -> None:
    scene = Scene().deposee()
    propose(scene, "representant", titre=titre)
    exige = referentiels.type_representant(titre, jour(scene))
    assert exige is not None
    assert exige.preuve_ecrite is (titre in {"tuteur", "mandataire", "procuration"})
    if exige.preuve_ecrite:
        assert scene.refuse("agent", "confirmer_mandat", preuve="Elle le dit") == "justification_absente"
        piece = scene.joue("agent", "verser_piece", nature="Autre document", titre="Preuve")
        scene.joue("agent", "confirmer_mandat", piece=piece.pk)
    else:
        scene.joue("agent", "confirmer_mandat", preuve="Vérifié au tableau de l'ordre")
    assert voit(scene, scene["representant"])


def test_le_representant_exerce_ce_que_dit_son_mandat_et_rien_d_autre() -> None:
    scene = Scene().deposee()
    mandate(scene, "representant", titre="avocat")
    assert voit(scene, scene["representant"], "revision.demander")
    assert not voit(scene, scene["representant"], "sr2100.lire")
    assert not voit(scene, scene["representant"], "mandat.transmettre")
    scene.joue("prestataire", "revoquer_mandat", intervenant=scene["representant"])
    assert not voit(scene, scene["representant"])
    assert scene.refuse("representant", "demander_revision") == "mandat_inactif"


# --- La fin d'un recours --------------------------------------------------------------------
def test_le_mandat_survit_a_sa_date_tant_que_le_recours_ouvert_dure() -> None:
    scene = Scene().emise()
    mandate(scene, jours=30, jusqu_a_fin_recours=True)
    mandate(scene, "ressource_ailleurs", jours=30)
    scene.joue("prestataire", "demander_revision")
    scene.attendre(days=40)
    assert voit(scene, scene["ressource"])
    assert not voit(scene, scene["ressource_ailleurs"])
    scene.dossier.demandes.filter(etat=Etat.EN_REVISION).update(etat=Etat.REVISION_RENDUE)
    assert not voit(scene, scene["ressource"])


def test_un_recours_ouvert_apres_la_fin_ne_ranime_pas_le_mandat() -> None:
    scene = Scene().emise()
    mandate(scene, jours=5, jusqu_a_fin_recours=True)
    scene.attendre(days=10)
    scene.joue("prestataire", "demander_revision")
    assert not voit(scene, scene["ressource"])


def test_survivre_suppose_la_portee_qui_demande_la_revision() -> None:
    scene = Scene().deposee()
    fin = jour(scene) + timedelta(days=30)
    base = {"portees": ["voir_etat"], "jusqu_au": fin}
    assert scene.refuse("ressource", "proposer_mandat", **base, jusqu_a_fin_recours=True) == "champ_invalide"
    assert scene.refuse("ressource", "proposer_mandat", **base, jusqu_a_fin_recours="oui") == "champ_invalide"


# --- Transmettre ----------------------------------------------------------------------------
def test_transmettre_change_de_main_sans_le_rapport_et_la_personne_l_apprend() -> None:
    scene = Scene().deposee()
    propose(scene)
    scene.joue("prestataire", "confirmer_mandat", portees_ajoutees=["voir_rapport_medical"])
    ancien = Mandat.objects.get()
    suite = collegue(scene)
    neuf = scene.joue("ressource", "transmettre_mandat", a=suite)
    ancien.refresh_from_db()
    assert (ancien.revoque_par, neuf.transmis_de, neuf.jusqu_au) == (scene["ressource"], ancien, ancien.jusqu_au)
    assert neuf.toutes_portees == ancien.portees
    assert voit(scene, suite)
    assert not voit(scene, suite, "sr2100.lire")
    assert not voit(scene, scene["ressource"])
    lettres = Lettre.objects.filter(modele="mandat_confirme", cause_id=neuf.pk).order_by("pk")
    assert [une.destinataire for une in lettres] == [suite, scene["prestataire"]]
    assert lettres[0].contenu["transmis_de"] == scene["ressource"].nom_complet
    # Un clic de la personne suffit à refuser.
    scene.joue("prestataire", "revoquer_mandat", intervenant=suite)
    assert not voit(scene, suite)


def test_transmettre_refuse_hors_de_l_organisme_et_a_qui_n_a_pas_de_mandat() -> None:
    scene = Scene().deposee()
    mandate(scene)
    suite = collegue(scene)
    assert scene.refuse("ressource", "transmettre_mandat") == "champ_manquant"
    assert scene.refuse("ressource", "transmettre_mandat", a=scene["ressource_ailleurs"]) == "champ_invalide"
    assert scene.refuse("ressource", "transmettre_mandat", a=scene["ressource"]) == "champ_invalide"
    assert scene.refuse("ressource_ailleurs", "transmettre_mandat", a=suite) == "acces_refuse"
    assert scene.refuse("agent", "transmettre_mandat", a=suite) == "acces_refuse"
    scene.personnes["suite"] = suite
    assert scene.refuse("suite", "transmettre_mandat", a=suite, de=scene["ressource"]) == "acces_refuse"
    scene.attendre(days=61)
    assert scene.refuse("ressource", "transmettre_mandat", a=suite) == "mandat_inactif"


def test_le_gestionnaire_transmet_pour_un_collegue_sans_voir_le_dossier() -> None:
    scene = Scene().deposee()
    mandate(scene)
    gere, suite = collegue(scene, gestionnaire_organisme=True), collegue(scene)
    scene.personnes["gere"] = gere
    assert not voit(scene, gere)
    assert scene.refuse("gere", "transmettre_mandat", a=suite) == "etat_interdit"
    scene.joue("gere", "transmettre_mandat", a=suite, de=scene["ressource"])
    assert voit(scene, suite)
    ailleurs = collegue(scene, "ressource_ailleurs", gestionnaire_organisme=True)
    scene.personnes["ailleurs"] = ailleurs
    assert scene.refuse("ailleurs", "transmettre_mandat", a=ailleurs, de=suite) == "acces_refuse"


# --- Quitter l'organisme (`epreuves.md` A04) ------------------------------------------------
def test_a04_retirer_de_l_organisme_ferme_tout_a_l_instant() -> None:
    scene = Scene().deposee()
    mandate(scene)
    propose(scene)
    with horloge.figer(scene.instant):
        comptes.retirer_de_l_organisme(scene["administrateur"], scene["ressource"])
    partie = Compte.objects.get(pk=scene["ressource"].pk)
    assert (partie.organisme, partie.is_active, partie.exerce) == (None, True, False)
    assert not voit(scene, partie)
    assert not Mandat.objects.filter(revoque_le__isnull=True).exists()
    ligne = Entree.objects.get(acte="finir_mandats")
    assert (ligne.dossier, ligne.details) == (scene.dossier, {"mandats": 2})
    assert Entree.objects.filter(acte="retirer_de_l_organisme").count() == 1
    scene.personnes["ressource"] = partie
    fin = jour(scene) + timedelta(days=5)
    assert scene.refuse("ressource", "proposer_mandat", portees=["voir_etat"], jusqu_au=fin) == "acces_refuse"


def test_a04_l_acces_se_juge_a_l_usage_meme_si_un_mandat_reste() -> None:
    scene = Scene().deposee()
    mandate(scene)
    Compte.objects.filter(pk=scene["ressource"].pk).update(organisme=None)
    assert Mandat.objects.vivants(jour(scene)).exists()
    assert not voit(scene, scene["ressource"])
    scene.joue("agent", "confirmer_situation", appel_note="Appel")
    Compte.objects.filter(pk=scene["ressource"].pk).update(organisme=Organisme.objects.first(), is_active=False)
    assert not voit(scene, scene["ressource"])


def test_qui_retire_de_l_organisme() -> None:
    scene = Scene()
    gere, autre = collegue(scene, gestionnaire_organisme=True), collegue(scene)
    with pytest.raises(Refus, match="Seule l'administration"):
        comptes.retirer_de_l_organisme(autre, scene["ressource"])
    with pytest.raises(Refus, match="Seule l'administration"):
        comptes.retirer_de_l_organisme(gere, scene["ressource_ailleurs"])
    with pytest.raises(Refus, match="Demandez à l'administration"):
        comptes.retirer_de_l_organisme(gere, gere)
    comptes.retirer_de_l_organisme(gere, autre)
    with pytest.raises(Refus, match="aucun organisme"):
        comptes.retirer_de_l_organisme(scene["administrateur"], autre)
    with pytest.raises(Refus, match="aucun organisme"):
        comptes.retirer_de_l_organisme(scene["administrateur"], scene["agent"])


def test_nommer_un_gestionnaire_et_inscrire_un_collegue() -> None:
    scene = Scene()
    with pytest.raises(Refus):
        comptes.inscrire_collegue(scene["ressource"], prenom="A", nom="B", email="a.b@exemple.invalid")
    comptes.changer_gestionnaire(scene["administrateur"], scene["ressource"])
    gere = Compte.objects.get(pk=scene["ressource"].pk)
    neuf = comptes.inscrire_collegue(gere, prenom="A", nom="B", email="a.b@exemple.invalid")
    assert (neuf.organisme, neuf.role, neuf.has_usable_password()) == (gere.organisme, Role.INTERVENANT, False)
    with pytest.raises(Refus, match="déjà ce courriel"):
        comptes.inscrire_collegue(gere, prenom="A", nom="B", email="A.B@exemple.invalid")
    with pytest.raises(Refus):
        comptes.changer_gestionnaire(scene["administrateur"], scene["agent"])
