"""T06 : chaque date joue une fois, le bon jour civil, même si l'horaire était arrêté ce jour-là."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from correspondance.models import Lettre
from dossiers import acces, travaux
from dossiers.etats import Etat
from dossiers.models import Alerte, Arret, Consentement, Dossier, Echeance, Rappel, Tache
from dossiers.tasks import constater_echeances
from formulaires.models import Brouillon
from referentiels import lecture as referentiels
from referentiels.regles import plus_mois, premier_jour_encore_bon
from revision import lecture as revisions
from revision.models import Revision
from socle import horloge, passages
from socle.models import Passage
from tests.fabriques import Scene

pytestmark = pytest.mark.django_db
JOUR_MARQUANT = (Alerte.Code.JOUR_20, Alerte.Code.JOUR_75)


def nuit(scene: Scene, jour: date, heure: int = 0, minute: int = 5) -> None:
    """Les travaux de ce jour, sur le dossier de la scène."""
    scene.instant = horloge.heure_locale(jour, heure, minute)
    with horloge.figer(scene.instant):
        travaux.jouer(scene.dossier)


def nuits(scene: Scene, du: date, au: date) -> None:
    """Les travaux de chaque jour, du premier au dernier inclus."""
    for rang in range((au - du).days + 1):
        nuit(scene, du + timedelta(days=rang))


def alertes(scene: Scene) -> list[str]:
    return sorted(Alerte.objects.filter(dossier=scene.dossier, code__in=JOUR_MARQUANT).values_list("code", flat=True))


def lettres(scene: Scene, modele: str) -> int:
    return Lettre.objects.filter(dossier=scene.dossier, modele=modele).count()


def rappels(scene: Scene, genre: str) -> list[str]:
    """À qui ce rappel a été dit, une entrée par rappel."""
    dits = Rappel.objects.filter(dossier=scene.dossier, genre=genre).select_related("pour").order_by("pk")
    return [un.pour.role for un in dits]


def fin_de(scene: Scene, code: str) -> date:
    return Echeance.objects.get(dossier=scene.dossier, code=code).date


# --- Révision : jours 20, 75, 90 -----------------------------------------------------------------


def test_t06_les_jours_20_et_75_alertent_une_fois() -> None:
    scene = Scene().en_revision()
    depart = revisions.depart(Revision.objects.get()).jour
    nuits(scene, depart + timedelta(days=18), depart + timedelta(days=19))
    assert alertes(scene) == []
    nuits(scene, depart + timedelta(days=20), depart + timedelta(days=22))
    assert alertes(scene) == ["revision_jour_20"]
    nuit(scene, depart + timedelta(days=74))
    assert alertes(scene) == ["revision_jour_20"]
    nuits(scene, depart + timedelta(days=75), depart + timedelta(days=76))
    assert alertes(scene) == ["revision_jour_20", "revision_jour_75"]


def test_t06_une_alerte_levee_ne_revient_pas_la_nuit_suivante() -> None:
    scene = Scene().en_revision()
    depart = revisions.depart(Revision.objects.get()).jour
    nuit(scene, depart + timedelta(days=20))
    scene.joue("agent", "lever_alerte", code=Alerte.Code.JOUR_20)
    nuits(scene, depart + timedelta(days=21), depart + timedelta(days=23))
    assert alertes(scene) == ["revision_jour_20"]
    assert not Alerte.objects.filter(dossier=scene.dossier, close_le__isnull=True, code=Alerte.Code.JOUR_20).exists()


@pytest.mark.parametrize("manques", [0, 1, 9])
def test_t06_le_recours_direct_est_dit_une_fois_le_lendemain_du_jour_90(manques: int) -> None:
    scene = Scene().en_revision()
    dernier = revisions.recours_direct(Revision.objects.get()).date
    nuit(scene, dernier)
    nuit(scene, dernier, 23, 55)
    assert lettres(scene, "avis_recours_direct") == 0
    retour = dernier + timedelta(days=1 + manques)
    nuit(scene, retour)
    assert lettres(scene, "avis_recours_direct") == 1
    assert alertes(scene) == ["revision_jour_20", "revision_jour_75"]
    nuits(scene, retour, retour + timedelta(days=2))
    assert lettres(scene, "avis_recours_direct") == 1


# --- Tribunal : 60 et 15 jours -------------------------------------------------------------------


def irrecevable() -> Scene:
    scene = Scene().en_revision()
    scene.joue("reviseuse", "juger_recevabilite", recevable="non", justification="Aucun motif donné.")
    scene.joue("systeme", "emettre_lettres")
    return scene


@pytest.mark.parametrize(("monter", "delai"), [(lambda: Scene().revision_rendue(), 60), (irrecevable, 15)])
@pytest.mark.parametrize("manques", [0, 4])
def test_t06_le_delai_du_tribunal_est_rappele_une_fois_avant_sa_fin(monter: Any, delai: int, manques: int) -> None:
    scene = monter()
    fin = fin_de(scene, Echeance.Code.SAISIR_TAQ)
    emise = scene.instant.date()
    assert delai <= (fin - emise).days <= delai + 7 + 4  # réception présumée, puis le jour ouvrable suivant
    debut = fin - timedelta(days=10)
    nuit(scene, debut - timedelta(days=1))
    assert rappels(scene, Rappel.Genre.RECOURS_PROCHE) == []
    nuits(scene, debut + timedelta(days=manques), fin + timedelta(days=2))
    assert rappels(scene, Rappel.Genre.RECOURS_PROCHE) == ["prestataire"]
    assert Rappel.objects.get(genre=Rappel.Genre.RECOURS_PROCHE).jour == fin


def test_t06_sans_courriel_l_agent_appelle_avant_la_fin_du_recours(settings: Any) -> None:
    settings.DEMONSTRATION = False
    scene = Scene().revision_rendue()
    scene["prestataire"].email = None
    scene["prestataire"].save()
    fin = fin_de(scene, Echeance.Code.SAISIR_TAQ)
    nuits(scene, fin - timedelta(days=10), fin - timedelta(days=8))
    assert [une.avant_le for une in Tache.objects.filter(code=Tache.Code.RECOURS_PROCHE)] == [fin]


# --- Mandat --------------------------------------------------------------------------------------


def avec_mandat() -> tuple[Scene, date]:
    scene = Scene().deposee()
    fin = scene.instant.date() + timedelta(days=90)
    scene.joue("ressource", "proposer_mandat", portees=["voir_etat"], jusqu_au=fin)
    scene.joue("prestataire", "confirmer_mandat", intervenant=scene["ressource"])
    return scene, fin


def test_t06_la_fin_du_mandat_est_dite_aux_deux_avant_et_apres() -> None:
    scene, fin = avec_mandat()
    nuit(scene, fin - timedelta(days=31))
    assert rappels(scene, Rappel.Genre.MANDAT_PROCHE) == []
    nuits(scene, fin - timedelta(days=30), fin - timedelta(days=28))
    assert rappels(scene, Rappel.Genre.MANDAT_PROCHE) == ["prestataire", "intervenant"]
    nuit(scene, fin, 23, 55)
    assert rappels(scene, Rappel.Genre.MANDAT_ECHU) == []
    nuits(scene, fin + timedelta(days=1), fin + timedelta(days=3))
    assert rappels(scene, Rappel.Genre.MANDAT_ECHU) == ["prestataire", "intervenant"]


def test_t06_un_horaire_arrete_dit_la_fin_passee_une_seule_fois() -> None:
    scene, fin = avec_mandat()
    nuits(scene, fin + timedelta(days=12), fin + timedelta(days=14))
    assert rappels(scene, Rappel.Genre.MANDAT_PROCHE) == []
    assert rappels(scene, Rappel.Genre.MANDAT_ECHU) == ["prestataire", "intervenant"]


def test_deux_mandats_du_meme_dernier_jour_se_disent_a_chacun() -> None:
    scene, fin = avec_mandat()
    nuit(scene, fin - timedelta(days=30))
    autre = scene["ressource_ailleurs"]
    scene.joue("ressource_ailleurs", "proposer_mandat", portees=["voir_etat"], jusqu_au=fin)
    scene.joue("prestataire", "confirmer_mandat", intervenant=autre)
    nuits(scene, fin - timedelta(days=29), fin - timedelta(days=28))
    assert Rappel.objects.filter(genre=Rappel.Genre.MANDAT_PROCHE, pour=autre).count() == 1
    assert Rappel.objects.filter(genre=Rappel.Genre.MANDAT_PROCHE).count() == 4


def test_un_mandat_tenu_par_un_recours_n_est_dit_fini_qu_a_la_fin_du_recours() -> None:
    scene = Scene().emise()
    fin = scene.instant.date() + timedelta(days=30)
    portees = ["voir_etat", "demander_revision"]
    scene.joue("ressource", "proposer_mandat", portees=portees, jusqu_au=fin, jusqu_a_fin_recours=True)
    scene.joue("prestataire", "confirmer_mandat", intervenant=scene["ressource"])
    scene.joue("prestataire", "demander_revision")
    nuits(scene, fin - timedelta(days=3), fin + timedelta(days=3))
    assert rappels(scene, Rappel.Genre.MANDAT_PROCHE) == rappels(scene, Rappel.Genre.MANDAT_ECHU) == []
    scene.dossier.demandes.update(etat=Etat.REVISION_RENDUE)
    retour = fin + timedelta(days=200)
    nuits(scene, retour, retour + timedelta(days=1))
    assert rappels(scene, Rappel.Genre.MANDAT_ECHU) == ["prestataire", "intervenant"]
    assert {un.jour for un in Rappel.objects.filter(genre=Rappel.Genre.MANDAT_ECHU)} == {retour}


# --- Consentement et 29 février ------------------------------------------------------------------


@pytest.fixture
def douze_mois(monkeypatch: pytest.MonkeyPatch) -> None:
    """La règle datée donne douze mois à un consentement."""
    vraie = referentiels.regle
    monkeypatch.setattr(
        referentiels, "regle", lambda code, le: 12 if code == "consentement_max_mois" else vraie(code, le)
    )


def test_t06_un_consentement_du_29_fevrier_vaut_jusqu_au_28(douze_mois: None) -> None:
    scene = Scene(instant=horloge.heure_locale(date(2028, 2, 29), 9, 0)).deposee()
    accord = Consentement.objects.filter(dossier=scene.dossier, objet="joindre_clinicien").get()
    assert accord.dernier_jour() == date(2029, 2, 28)
    with horloge.figer(horloge.heure_locale(date(2029, 2, 28), 23, 59)):
        assert acces.peut(scene["clinicien"], "clinique.lister", scene.dossier)
    with horloge.figer(horloge.heure_locale(date(2029, 3, 1), 0, 0)):
        assert not acces.peut(scene["clinicien"], "clinique.lister", scene.dossier)
    scene.instant = horloge.heure_locale(date(2029, 3, 1), 9, 0)
    assert scene.refuse("agent", "inviter_clinicien", clinicien=scene["clinicien_ailleurs"]) == "consentement_absent"
    scene.joue("prestataire", "consentir", objet="joindre_clinicien")
    assert scene.refuse("agent", "inviter_clinicien", clinicien=scene["clinicien_ailleurs"]) == ""


def test_t06_la_fin_d_un_consentement_est_dite_avant_et_apres(douze_mois: None) -> None:
    scene = Scene().deposee()
    fin = plus_mois(scene.instant.date(), 12)
    nuit(scene, fin - timedelta(days=31))
    assert rappels(scene, Rappel.Genre.CONSENTEMENT_PROCHE) == []
    nuits(scene, fin - timedelta(days=30), fin - timedelta(days=29))
    assert rappels(scene, Rappel.Genre.CONSENTEMENT_PROCHE) == ["prestataire"] * 2  # deux accords donnés
    nuits(scene, fin + timedelta(days=1), fin + timedelta(days=2))
    assert rappels(scene, Rappel.Genre.CONSENTEMENT_ECHU) == ["prestataire"] * 2


def test_deux_consentements_donnes_a_un_mois_se_disent_chacun(douze_mois: None) -> None:
    scene = Scene().deposee()
    premiers = plus_mois(scene.instant.date(), 12)
    scene.attendre(days=40)
    scene.joue("prestataire", "consentir", objet="joindre_entourage")
    second = plus_mois(scene.instant.date(), 12)
    nuit(scene, premiers)
    assert len(rappels(scene, Rappel.Genre.CONSENTEMENT_PROCHE)) == 2
    nuits(scene, second - timedelta(days=30), second - timedelta(days=29))
    assert len(rappels(scene, Rappel.Genre.CONSENTEMENT_PROCHE)) == 3
    nuits(scene, second + timedelta(days=1), second + timedelta(days=2))
    assert len(rappels(scene, Rappel.Genre.CONSENTEMENT_ECHU)) == 3


def test_sans_duree_un_consentement_ne_finit_pas() -> None:
    scene = Scene().deposee()
    nuit(scene, scene.instant.date() + timedelta(days=4000))
    assert rappels(scene, Rappel.Genre.CONSENTEMENT_ECHU) == []
    with horloge.figer(scene.instant):
        assert acces.peut(scene["clinicien"], "clinique.lister", scene.dossier)


def test_le_premier_jour_encore_bon_est_l_inverse_de_plus_mois() -> None:
    for rang in range(800):
        jour = date(2027, 1, 1) + timedelta(days=rang)
        for mois in (1, 6, 12, 18):
            depart = premier_jour_encore_bon(jour, mois)
            assert plus_mois(depart, mois) >= jour
            assert plus_mois(depart - timedelta(days=1), mois) < jour


# --- Brouillons ----------------------------------------------------------------------------------


def test_t06_un_formulaire_commence_est_annonce_puis_efface_une_fois() -> None:
    scene = Scene().deposee()
    jour = scene.instant.date()
    garde = Brouillon.objects.create(
        demande=scene.demande, formulaire="sr2105", pour=scene["prestataire"], modifie_par=scene["prestataire"],
        contenu_json='{"scolarite": "secret"}', modifie_le=scene.instant, expire_le=jour + timedelta(days=60),
    )  # fmt: skip
    nuits(scene, garde.expire_le - timedelta(days=8), garde.expire_le)
    assert rappels(scene, Rappel.Genre.BROUILLON_PROCHE) == ["prestataire"]
    assert Brouillon.objects.exists()
    nuits(scene, garde.expire_le + timedelta(days=3), garde.expire_le + timedelta(days=4))
    assert not Brouillon.objects.exists()
    assert rappels(scene, Rappel.Genre.BROUILLON_ECHU) == ["prestataire"]
    arret = Arret.objects.get()
    assert (arret.etape, arret.aidee, arret.motif) == ("sr2105", False, Arret.Motif.BROUILLON)


# --- L'heure des machines ------------------------------------------------------------------------


@pytest.mark.parametrize("jour", [date(2026, 3, 8), date(2026, 11, 1), date(2028, 2, 29), date(2026, 12, 31)])
@pytest.mark.parametrize("ecart", [-5, 0, 5])
def test_t06_a_cinq_minutes_pres_le_travail_de_minuit_voit_le_bon_jour(jour: date, ecart: int) -> None:
    prevu = passages.TRAVAUX["dossiers.constater_echeances"].a
    assert prevu is not None
    instant = horloge.heure_locale(jour, prevu.hour, prevu.minute) + timedelta(minutes=ecart)
    assert horloge.jour_civil(instant) == jour


def _a(jour: date, heure: int, minute: int) -> datetime:
    return horloge.heure_locale(jour, heure, minute)


def test_t06_l_horaire_arrete_trois_jours_se_rattrape_une_fois() -> None:
    scene, jour = Scene().deposee(), date(2026, 3, 6)  # le changement d'heure du 8 est dans l'arrêt
    with horloge.figer(_a(jour, 0, 5)):
        constater_echeances()
    retour = jour + timedelta(days=4)
    with horloge.figer(_a(retour, 0, 4)):
        assert "dossiers.constater_echeances" in {un.nom for un in passages.a_rattraper()}
    with horloge.figer(_a(retour, 9, 0)):
        assert passages.rattraper() >= 1
        assert passages.rattraper() == 0
    garde = Passage.objects.get(travail="dossiers.constater_echeances", jour=retour)
    assert (garde.jours_manques, garde.executions, garde.erreurs) == (3, 1, 0)
    assert garde.fin is not None
    assert scene.dossier.pk


def test_t06_la_levee_postale_ne_se_rejoue_pas_avant_l_heure() -> None:
    with horloge.figer(_a(date(2026, 3, 10), 9, 0)):
        assert "correspondance.lot_postal" not in {un.nom for un in passages.a_rattraper()}


def test_un_dossier_en_echec_n_arrete_ni_les_autres_ni_les_travaux(monkeypatch: pytest.MonkeyPatch) -> None:
    premier, second = Scene().en_revision(), Scene().en_revision()
    jour = premier.instant.date() + timedelta(days=25)
    vrai = travaux.executer

    def parfois(acte: str, *, acteur: Any, dossier: Dossier, **suite: Any) -> Any:
        if dossier.pk == premier.dossier.pk:
            raise RuntimeError("un fait impossible")
        return vrai(acte, acteur=acteur, dossier=dossier, **suite)

    monkeypatch.setattr(travaux, "executer", parfois)
    with horloge.figer(_a(jour, 0, 5)):
        constater_echeances()
    assert alertes(second) == ["revision_jour_20"]
    assert alertes(premier) == []
    garde = Passage.objects.get(travail="dossiers.constater_echeances", jour=jour)
    assert garde.erreurs >= 1
    assert {un["erreur"] for un in garde.echecs} == {"RuntimeError"}
    assert all(un["objet"].startswith(premier.dossier.reference) for un in garde.echecs)
    # Réparé, le dossier est repris une heure plus tard, sans attendre la nuit; les autres n'ont rien en double.
    monkeypatch.setattr(travaux, "executer", vrai)
    with horloge.figer(_a(jour, 0, 30)):
        assert "dossiers.constater_echeances" not in {un.nom for un in passages.a_rattraper()}
    with horloge.figer(_a(jour, 1, 10)):
        passages.rattraper()
    assert alertes(premier) == alertes(second) == ["revision_jour_20"]
    assert Passage.objects.get(travail="dossiers.constater_echeances", jour=jour).erreurs == 0


def test_hors_d_un_travail_l_echec_remonte(monkeypatch: pytest.MonkeyPatch) -> None:
    scene = Scene().en_revision()

    def jamais(*_: Any, **__: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(travaux, "executer", jamais)
    with horloge.figer(scene.instant), pytest.raises(RuntimeError):
        travaux.jouer(scene.dossier)
