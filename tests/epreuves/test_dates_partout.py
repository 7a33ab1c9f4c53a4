"""T01, T03, T04 de bout en bout : la lettre, l'échéance, le dossier et la page de la personne disent la même date.

Source : `epreuves.md` T01, T03, T04.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse

from correspondance.models import Lettre
from dossiers.etats import Etat
from dossiers.models import Demande, Echeance
from referentiels import lecture
from referentiels.models import JourFerie
from socle import horloge
from tests.fabriques import Scene
from tests.outils_connexion import entrer_comme

pytestmark = pytest.mark.django_db
ILES = ZoneInfo("America/Halifax")


@pytest.fixture(autouse=True)
def _sans_reste() -> Iterator[None]:
    """Une fermeture écrite ici ne reste pas dans le cache du processus."""
    yield
    lecture._partage.oublier()


def a_minute_pres(scene: Scene, instant: datetime, par: str, acte: str, **donnees: Any) -> str:
    """Joue un acte à cet instant exact; rend le code du refus, ou une chaîne vide."""
    scene.instant = instant
    scene.attendre(minutes=-1)
    return scene.refuse(par, acte, **donnees)


def echeance(scene: Scene, code: str) -> date:
    return Echeance.objects.get(dossier=scene.dossier, code=code).date


def pages(scene: Scene, qui: str, *noms: str) -> list[str]:
    """Les pages du dossier, telles que cette personne les lit à l'heure de la scène."""
    client = entrer_comme(Client(), scene[qui])
    textes = []
    with horloge.figer(scene.instant):
        for nom in noms:
            args = [] if nom.startswith("suivi") else [scene.dossier.reference]
            reponse = client.get(reverse(nom, args=args))
            assert reponse.status_code == 200, nom
            textes.append(reponse.content.decode())
    return textes


def fermer(jour: date) -> None:
    """Le bureau ferme ce jour-là (tempête)."""
    JourFerie.objects.create(
        code=f"fermeture_{jour.isoformat()}", libelle="Tempête", genre="ponctuel", date=jour, source="Essai",
        certitude="demonstration", en_vigueur_du=jour,
    )  # fmt: skip
    lecture.invalider()


# --- T01 ------------------------------------------------------------------------------------


def test_t01_quatre_vingt_dix_jours_a_travers_le_changement_d_heure() -> None:
    """Reçue le 15 août à 0 h 30 : le dernier jour est le 13 novembre, jusqu'à 23 h 59; le Tribunal s'ouvre à minuit."""
    scene = Scene(instant=horloge.heure_locale(date(2026, 7, 6), 9)).emise()
    recue = horloge.heure_locale(date(2026, 8, 15), 0, 30)
    assert a_minute_pres(scene, recue, "prestataire", "demander_revision", motifs="Je conteste.") == ""
    assert echeance(scene, Echeance.Code.RECOURS_DIRECT) == date(2026, 11, 13)
    dernier = horloge.heure_locale(date(2026, 11, 13), 23, 59)
    assert a_minute_pres(scene, dernier, "prestataire", "saisir_taq", motifs="Trop long.") == "etat_interdit"
    ouvert = horloge.heure_locale(date(2026, 11, 14), 0, 0)
    assert a_minute_pres(scene, ouvert, "prestataire", "saisir_taq", motifs="Trop long.") == ""
    assert scene.demande.etat == Etat.DEVANT_TAQ


# --- T03 ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("emission", "prouvee", "ferme", "dernier", "mots"),
    [
        (date(2026, 3, 17), None, None, date(2026, 6, 22), "22 juin 2026"),
        (date(2026, 3, 16), None, None, date(2026, 6, 22), "22 juin 2026"),  # le 21 est un dimanche
        (date(2026, 3, 19), None, None, date(2026, 6, 25), "25 juin 2026"),  # le 24 est férié
        (date(2026, 3, 17), None, date(2026, 6, 22), date(2026, 6, 23), "23 juin 2026"),  # fermeture du bureau
        (date(2026, 3, 17), date(2026, 3, 19), None, date(2026, 6, 17), "17 juin 2026"),  # reçue plus tôt
        (date(2026, 3, 17), date(2026, 3, 31), None, date(2026, 6, 29), "29 juin 2026"),  # reçue plus tard
    ],
)
def test_t03_la_meme_date_partout(
    emission: date, prouvee: date | None, ferme: date | None, dernier: date, mots: str
) -> None:
    if ferme is not None:
        fermer(ferme)
    scene = Scene().decidee()
    assert a_minute_pres(scene, horloge.heure_locale(emission, 17, 30), "systeme", "emettre_lettres") == ""
    lettre = Lettre.objects.get(dossier=scene.dossier, modele="refus")
    if prouvee is None:
        assert mots in lettre.octets.html
    else:
        assert mots not in lettre.octets.html  # la lettre est partie avant la preuve
        le = horloge.heure_locale(prouvee, 18)
        assert a_minute_pres(scene, le, "agent", "prouver_reception", lettre="refus", recue_le=prouvee) == ""
    assert echeance(scene, Echeance.Code.DEMANDER_REVISION) == dernier
    sans_annee = mots.removesuffix(" 2026")
    for texte in (*pages(scene, "agent", "dossier_sommaire"), *pages(scene, "prestataire", "suivi")):
        assert sans_annee in texte.replace("\u00a0", " ")


# --- T04 ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("instant", "jour"),
    [
        (datetime(2026, 3, 9, 23, 30, tzinfo=ILES), date(2026, 3, 9)),
        (datetime(2026, 3, 10, 0, 30, tzinfo=ILES), date(2026, 3, 9)),  # 23 h 30 à Montréal : personne n'y perd
        (datetime(2026, 3, 10, 1, 0, tzinfo=ILES), date(2026, 3, 10)),
        (datetime(2026, 7, 2, 0, 59, 59, tzinfo=ILES), date(2026, 7, 1)),
        (datetime(2026, 7, 2, 1, 0, 0, tzinfo=ILES), date(2026, 7, 2)),
    ],
)
def test_t04_le_jour_finit_a_minuit_a_l_heure_du_quebec(instant: datetime, jour: date) -> None:
    """Un dépôt fait des Îles-de-la-Madeleine prend le jour civil de la règle publiée, la plus tardive du Québec."""
    scene = Scene()
    quand = instant.astimezone(horloge.FUSEAU)
    assert a_minute_pres(scene, quand, "prestataire", "deposer_demande", canal="en_ligne", type="initiale") == ""
    assert Demande.objects.get(dossier=scene.dossier).jour_depot == jour
    lettre = Lettre.objects.get(dossier=scene.dossier, modele="accuse_reception")
    assert lettre.contenu["recue_le"] == jour.isoformat()
