"""Chaque horloge de la révision à ses bornes : la veille, le jour, le lendemain; jour fermé; changements d'heure.

Source : Loi sur l'aide aux personnes et aux familles, art. 107, 112 et 118; manuel, sujets 43368, 43371, 43378, 43380.
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from correspondance.models import Lettre
from dossiers.models import Echeance
from referentiels import lecture as referentiels
from referentiels.regles import est_ferme, jour_ouvrable_suivant
from revision import lecture
from revision.models import RecoursTAQ, Revision
from socle import horloge
from tests.fabriques import Scene

pytestmark = pytest.mark.django_db
UN_JOUR = timedelta(days=1)


def _ouvert(jour: date) -> date:
    return jour_ouvrable_suivant(jour, referentiels.feries(jour))


def _echeance(scene: Scene, code: str) -> date:
    return Echeance.objects.get(dossier=scene.dossier, code=code).date


def _emise_le(scene: Scene, modele: str) -> date:
    le = Lettre.objects.get(dossier=scene.dossier, modele=modele, copie_de__isnull=True).jour_emission
    assert le is not None
    return le


@pytest.mark.parametrize(("ecart", "tardive"), [(-1, False), (0, False), (1, True)])
def test_demander_la_revision(ecart: int, tardive: bool) -> None:
    scene = Scene().emise()
    dernier = _echeance(scene, "demander_revision")
    assert dernier == _ouvert(_emise_le(scene, "refus") + timedelta(days=7 + 90))
    scene.instant = horloge.heure_locale(dernier + ecart * UN_JOUR, 23, 58)
    scene.joue("prestataire", "demander_revision", motifs="Je conteste.")
    assert lecture.hors_delai(Revision.objects.get()) is tardive


@pytest.mark.parametrize(("ecart", "refus"), [(0, "etat_interdit"), (1, "")])
def test_le_recours_direct_s_ouvre_le_lendemain_du_90e_jour(ecart: int, refus: str) -> None:
    scene = Scene().en_revision()
    recue = Revision.objects.get().recue_le
    dernier = _echeance(scene, "recours_direct_taq")
    assert dernier == _ouvert(recue + timedelta(days=90))
    scene.instant = horloge.heure_locale(dernier + ecart * UN_JOUR, 0, 5)
    scene.joue("systeme", "constater_recours_direct")
    assert Lettre.objects.filter(modele="avis_recours_direct").count() == (0 if refus else 1)
    assert scene.refuse("prestataire", "saisir_taq") == refus
    assert RecoursTAQ.objects.exists() is (refus == "")


def test_rendre_est_due_le_30e_jour_ou_le_jour_ouvrable_suivant() -> None:
    scene = Scene().en_revision()
    assert _echeance(scene, "rendre_revision") == _ouvert(Revision.objects.get().recue_le + timedelta(days=30))


@pytest.mark.parametrize(
    ("recevable", "modele", "jours"), [("oui", "decision_confirmee", 60), ("non", "revision_irrecevable", 15)]
)
def test_le_tribunal_soixante_ou_quinze_jours(recevable: str, modele: str, jours: int) -> None:
    scene = Scene().en_revision()
    scene.joue("reviseuse", "juger_recevabilite", recevable=recevable, justification="Dite.")
    if recevable == "oui":
        scene.joue("reviseur", "rendre_revision", issue="confirmee")
        scene.joue("reviseuse", "rendre_revision", issue="confirmee")
    scene.joue("systeme", "emettre_lettres")
    assert _echeance(scene, "saisir_taq") == _ouvert(_emise_le(scene, modele) + timedelta(days=7 + jours))


@pytest.mark.parametrize(
    ("ecart_piece", "du_delai"),
    [(-1, False), (0, False), (1, True)],
)
def test_une_piece_compte_jusqu_au_dernier_jour_du_delai(ecart_piece: int, du_delai: bool) -> None:
    """Reçue pendant le délai, la dernière pièce fait repartir l'horloge; le lendemain, c'est la fin du délai."""
    scene = Scene().en_revision()
    fin = horloge.jour_civil(scene.instant) + timedelta(days=20)
    scene.joue("prestataire", "demander_delai", jusqu_au=fin)
    scene.instant = horloge.heure_locale(fin + ecart_piece * UN_JOUR, 23, 30)
    scene.joue("agent", "verser_piece", nature="Note", titre="Note reçue")
    attendu = fin if du_delai else fin + ecart_piece * UN_JOUR
    assert lecture.depart(Revision.objects.get()).jour == attendu
    assert _echeance(scene, "rendre_revision") == _ouvert(attendu + timedelta(days=30))


@pytest.mark.parametrize(
    "recue",
    [
        date(2026, 2, 20),  # traverse le passage à l'heure d'été
        date(2026, 10, 15),  # traverse le retour à l'heure normale
        date(2026, 9, 26),  # le 90e jour tombe le 25 décembre
        date(2026, 4, 4),  # finit un vendredi ou un jour de fin de semaine
    ],
)
def test_trente_et_quatre_vingt_dix_jours_restent_des_jours_civils(recue: date) -> None:
    from revision import regles

    feries = referentiels.feries(recue)
    for jours in (30, 90):
        due = regles.echeance(regles.Depart(recue, regles.RECUE), jours, feries)
        assert due.brute == recue + timedelta(days=jours)
        assert not est_ferme(due.date, feries)
        assert due.date >= due.brute
        assert all(est_ferme(due.brute + n * UN_JOUR, feries) for n in range((due.date - due.brute).days))


def test_un_depot_tard_le_soir_garde_la_date_du_quebec() -> None:
    """23 h 30 au Québec est déjà demain en temps universel : la date qui compte est celle d'ici."""
    scene = Scene().emise()
    jour = horloge.jour_civil(scene.instant) + timedelta(days=4)
    scene.instant = horloge.heure_locale(jour, 23, 30)
    scene.joue("prestataire", "demander_revision", motifs="Je conteste.")
    assert Revision.objects.get().recue_le == jour
