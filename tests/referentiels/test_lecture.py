"""La lecture : ce qui est semé, la période, le cache et les transactions annulées."""

from __future__ import annotations

import datetime as dt
import uuid
from contextlib import suppress

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from referentiels import echeances, lecture, regles
from referentiels.models import JourFerie, Motif, Regle, VersionReferentiels

from .conftest import FERIES

pytestmark = pytest.mark.django_db
LE = dt.date(2026, 5, 4)


def ouvrir(code: str, valeur: object, du: dt.date, au: dt.date | None = None) -> Regle:
    """Une règle écrite directement, sans publication."""
    return Regle.objects.create(
        code=code, valeur=valeur, unite="jours", libelle=code, source="essai", certitude="choix",
        en_vigueur_du=du, en_vigueur_au=au,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("code", "valeur"),
    [
        ("reception_presumee_jours", 7),
        ("delai_demande_revision_jours", 90),
        ("delai_rendre_revision_jours", 30),
        ("delai_recours_direct_taq_jours", 90),
        ("delai_taq_jours", 60),
        ("delai_taq_irrecevable_jours", 15),
        ("duree_severe_mois", 12),
        ("mandat_max_mois", 24),
        ("substitut_age_max_mois", 6),
    ],
)
@pytest.mark.parametrize("annee", [2026, 2046])
def test_regles_semees(code: str, valeur: int, annee: int) -> None:
    """Les valeurs du droit, aujourd'hui et dans vingt ans."""
    assert lecture.regle(code, dt.date(annee, 5, 4)) == valeur


def test_listes_semees() -> None:
    """Les codes du contrat sont tous là, et les titres autorisés sont ceux-là seulement."""
    assert {m.code for m in lecture.motifs(LE)} == {
        "diagnostic_evident", "effet_cumulatif", "atteinte_et_duree_etablies", "duree_non_etablie",
        "duree_non_permanente", "atteinte_non_significative", "contraintes_non_severes", "situation_inchangee",
    }  # fmt: skip
    assert [e.code for e in lecture.elements(LE)] == [
        "duree_limitations", "limitations_fonctionnelles", "diagnostic_principal", "traitements_essayes",
        "effet_cumulatif_explique", "parcours_scolaire", "parcours_travail", "hospitalisations",
        "evaluation_complementaire",
    ]  # fmt: skip
    assert [d.code for d in lecture.domaines(LE)] == [
        "bouger", "mains", "endurance", "concentration", "emotions", "interactions", "organisation", "sens",
    ]  # fmt: skip
    autorises = {t.code for t in lecture.titres(LE) if lecture.titre_autorise(t.code, LE)}
    assert autorises == {"medecin", "psychiatre", "ips", "infirmiere_clinique_desaffiliee"}
    assert not lecture.titre_autorise("ergotherapeute", LE)
    assert [p.code for p in lecture.portees(LE) if p.du_prestataire_seulement] == ["voir_rapport_medical"]
    assert len(lecture.portees(LE)) == 7
    assert len(lecture.regions(LE)) == 17


def test_diagnostics_de_demonstration() -> None:
    """Tous se disent inventés; les critères sont ceux du contrat."""
    assert all(d.demonstration and d.liste == "Liste de démonstration" for d in lecture.diagnostics_evidents(LE))
    trouve = lecture.diagnostic_evident_identique("achondroplasie", LE)
    assert trouve is not None
    assert (trouve.code, trouve.criteres) == ("DEMO-03", {"age_min": 40, "sans_travail_depuis_annees": 5})
    assert lecture.diagnostic_evident_identique("Achondroplasie légère", LE) is None
    cancer = lecture.diagnostic_evident("DEMO-04", LE)
    assert cancer is not None
    assert cancer.reexamen_mois == 12


def test_calendrier_seme_egal_au_calendrier_pur() -> None:
    """La base donne les mêmes jours fermés que la liste figée."""
    assert set(lecture.feries(LE)) == set(FERIES)


def test_echeances_avec_les_regles_en_vigueur() -> None:
    """Les durées de la base et le calendrier donnent les dates des cas."""
    assert echeances.demander_revision(dt.date(2026, 3, 16)).date == dt.date(2026, 6, 22)
    assert echeances.rendre_revision(dt.date(2026, 4, 27)).date == dt.date(2026, 5, 27)
    assert echeances.recours_direct_taq(dt.date(2026, 8, 15)).date == dt.date(2026, 11, 13)
    taq = echeances.saisir_taq(dt.date(2026, 6, 26), dt.date(2026, 6, 29), irrecevable=True)
    assert taq.date == dt.date(2026, 7, 14)
    assert echeances.saisir_taq(dt.date(2026, 6, 26)).brute == dt.date(2026, 9, 1)
    assert echeances.fin_mandat_au_plus_tard(dt.date(2026, 6, 27)) == dt.date(2028, 6, 27)


def test_fermeture_ponctuelle_vaut_pour_un_fait_anterieur() -> None:
    """Une fermeture annoncée après le fait repousse quand même le dernier jour."""
    JourFerie.objects.create(
        code="tempete", genre="ponctuel", libelle="Tempête", date=dt.date(2026, 8, 18), source="essai",
        certitude="choix", en_vigueur_du=dt.date(2026, 8, 17),
    )  # fmt: skip
    lecture.invalider()
    assert echeances.demander_revision(dt.date(2026, 5, 13)).date == dt.date(2026, 8, 19)


# --- Période ---------------------------------------------------------------------------
def test_regle_absente_dit_son_code_et_sa_date() -> None:
    """L'erreur suffit à réparer."""
    with pytest.raises(lecture.RegleAbsente, match=r"« inconnue ».*2026-05-04"):
        lecture.regle("inconnue", LE)
    with pytest.raises(lecture.RegleAbsente):
        lecture.regle("delai_taq_jours", dt.date(1999, 12, 31))
    with pytest.raises(lecture.ReferentielAbsent):
        lecture.motif("inconnu", LE)


def test_bornes_comprises() -> None:
    """Le premier et le dernier jour sont en vigueur; la veille et le lendemain, non."""
    ouvrir("essai", 1, dt.date(2026, 1, 10), dt.date(2026, 1, 20))
    lecture.invalider()
    assert lecture.regle("essai", dt.date(2026, 1, 10)) == lecture.regle("essai", dt.date(2026, 1, 20)) == 1
    for dehors in (dt.date(2026, 1, 9), dt.date(2026, 1, 21)):
        with pytest.raises(lecture.RegleAbsente):
            lecture.regle("essai", dehors)


def test_instant_refuse() -> None:
    """Un instant n'est pas une date civile : le fuseau en déciderait."""
    with pytest.raises(TypeError, match="civile"):
        lecture.regle("delai_taq_jours", dt.datetime(2026, 5, 4, 3, tzinfo=dt.UTC))


def test_langue() -> None:
    """Le français par défaut, l'anglais à la demande."""
    assert lecture.vocabulaire("contraintes_severes", LE, "fr") == "contraintes sévères à l'emploi"
    assert "employment" in lecture.vocabulaire("contraintes_severes", LE, "en-ca")
    assert lecture.libelle("motif", "duree_non_etablie", LE, "fr") == "Durée non établie"
    assert lecture.libelle("motif", "duree_non_etablie", LE, "en") == "Duration not established"


# --- Base ------------------------------------------------------------------------------
def test_chevauchement_refuse_par_la_base() -> None:
    """Deux lignes d'un code le même jour : impossible, même d'un seul jour."""
    ouvrir("essai", 1, dt.date(2026, 1, 1), dt.date(2026, 1, 31))
    with pytest.raises(IntegrityError), transaction.atomic():
        ouvrir("essai", 2, dt.date(2026, 1, 31))
    ouvrir("essai", 2, dt.date(2026, 2, 1))


def test_jamais_effacee_ni_modifiee() -> None:
    """La base refuse d'effacer une ligne et de changer sa valeur; elle laisse la fermer."""
    lignes = Regle.objects.filter(code="delai_taq_jours")
    with pytest.raises(DatabaseError, match="Cannot"), transaction.atomic():
        lignes.delete()
    with pytest.raises(DatabaseError, match="Cannot"), transaction.atomic():
        lignes.update(valeur=61)
    assert lignes.update(en_vigueur_au=dt.date(2030, 1, 1)) == 1


def test_jour_ferie_incomplet_refuse_par_la_base() -> None:
    """Un jour fixe sans mois n'entre pas."""
    with pytest.raises(IntegrityError), transaction.atomic():
        JourFerie.objects.create(
            code="sans_mois", genre="fixe", libelle="Sans mois", jour=3, source="essai", certitude="choix",
            en_vigueur_du=LE,
        )  # fmt: skip


# --- Cache -----------------------------------------------------------------------------
def test_aucune_requete_une_fois_chaud() -> None:
    """Cent lectures chaudes ne touchent pas la base."""
    lecture.rechauffer()
    with CaptureQueriesContext(connection) as requetes:
        for _ in range(100):
            lecture.regle("delai_taq_jours", LE)
            lecture.motifs(LE)
            lecture.feries(LE)
    assert len(requetes) == 0


def test_une_ecriture_annulee_ne_laisse_rien() -> None:
    """Dans la transaction, la nouvelle valeur; après l'annulation, l'ancienne."""
    avant = lecture.motif("effet_cumulatif", LE).libelle
    with suppress(RuntimeError), transaction.atomic():
        ouvrir("ephemere", 1, LE)
        Motif.objects.filter(code="effet_cumulatif").update(en_vigueur_au=dt.date(2026, 5, 1))
        lecture.invalider()
        assert lecture.regle("ephemere", LE) == 1
        assert not lecture.motif_existe("effet_cumulatif", LE)
        raise RuntimeError
    with pytest.raises(lecture.RegleAbsente):
        lecture.regle("ephemere", LE)
    assert lecture.motif("effet_cumulatif", LE).libelle == avant


def test_annulation_interieure_garde_l_ecriture_exterieure() -> None:
    """Un point de reprise annulé ne défait que ce qu'il contenait."""
    ouvrir("exterieure", 1, LE)
    lecture.invalider()
    with suppress(RuntimeError), transaction.atomic():
        ouvrir("interieure", 2, LE)
        lecture.invalider()
        assert lecture.regle("interieure", LE) == 2
        raise RuntimeError
    assert lecture.regle("exterieure", LE) == 1
    with pytest.raises(lecture.RegleAbsente):
        lecture.regle("interieure", LE)


def test_un_autre_processus_est_vu(settings: object) -> None:
    """Un jeton changé ailleurs fait relire, dès que la fraîcheur est passée."""
    settings.REFERENTIELS_FRAICHEUR = 0  # type: ignore[attr-defined]
    assert not lecture.motif_existe("essai", LE)
    Motif.objects.create(
        code="essai", libelle="Essai", texte_lettre="Essai.", sens="favorable", source="essai",
        certitude="choix", en_vigueur_du=LE,
    )  # fmt: skip
    assert not lecture.motif_existe("essai", LE)
    VersionReferentiels.objects.update(jeton=uuid.uuid4())
    assert lecture.motif_existe("essai", LE)
    lecture.invalider()


def test_paques_de_reference() -> None:
    """Trois dates de Pâques connues."""
    assert [regles.paques(a) for a in (2026, 2038, 2043)] == [
        dt.date(2026, 4, 5),
        dt.date(2038, 4, 25),
        dt.date(2043, 3, 29),
    ]
