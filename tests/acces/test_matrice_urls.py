"""Balayage de toutes les adresses × méthodes × personnes × états (`epreuves.md` A01).

La table (`table.py`) dit ce que chaque adresse promet; la matrice (`dossiers/matrice.py`) dit qui a le droit.
Ce que la personne ne peut voir répond exactement comme ce qui n'existe pas.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, get_resolver, reverse

from comptes.models import Role
from dossiers import gestes
from dossiers.acces import Droits
from socle import horloge
from tests.acces import scenes
from tests.acces.table import PREFIXES, TABLE, Regle
from tests.fabriques import Scene
from tests.gardes import ECRITURE, ECRITURES_PERMISES

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("droits_lus_une_fois")]
METHODES = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
COURANTES = ("GET", "POST")
AUTRES = tuple(methode for methode in METHODES if methode not in COURANTES)
PORTES = ("/compte/", "/suivi/connexion/")
INCONNUE = "2222-2222"
PERMIS = (200, 302, 303)
UN_PAR_ROLE = (
    "prestataire", "agent", "chef_csems", "medecin", "specialiste", "reviseur", "reviseuse", "clinicien", "ressource",
    "administrateur",
)  # fmt: skip
TOUS = (*scenes.PERSONNES, scenes.ANONYME)
# Une personne par lien au dossier : le balayage de tous les jours; `lent` les prend toutes.
LIENS = (
    "prestataire", "autre_prestataire", "agent", "agent_ailleurs", "chef_bureau", "chef_csems", "chef_drra", "medecin",
    "specialiste2", "reviseur", "reviseur_remplace", "clinicien", "clinicien_ailleurs", "clinicien_decline",
    "ressource", "ressource_ailleurs", "mandat_propose", "mandat_revoque", "mandat_expire", "mandat_etroit",
    "administrateur", "inactif", scenes.ANONYME,
)  # fmt: skip
LIENS_COURTS = (
    "prestataire", "agent", "agent_ailleurs", "chef_csems", "medecin", "specialiste2", "clinicien", "ressource",
    "mandat_expire", "mandat_etroit",
)  # fmt: skip
FIXES = ("public", "connecte", "roles")
AUTRES_LIENS = tuple(lien for lien in LIENS if lien not in LIENS_COURTS)
# Chaque lien se balaie chaque jour dans un état; l'épreuve complète croise tout (`test_toutes_les_combinaisons`).
CHAQUE_JOUR = ((scenes.ETATS[0], AUTRES_LIENS), (scenes.ETATS[3], LIENS_COURTS))
# Ce qui change d'une réponse à l'autre sans rien dire du dossier.
JETON = re.compile(
    rb'name="csrfmiddlewaretoken" value="[^"]*|nonce="[^"]*"|data-seance="\d+"|se ferme vers [^<]*<|\d+ secondes?'
)
COMPTE: dict[str, float] = {"acces_combinaisons": 0, "secondes": 0.0}


# --- La table dit tout, et rien de trop ------------------------------------------------------
def _adresses(resolveur: Any, prefixe: str = "") -> Iterator[tuple[URLPattern, str]]:
    for une in resolveur.url_patterns:
        chemin = prefixe + str(une.pattern)
        if isinstance(une, URLPattern):
            yield une, chemin
        else:
            yield from _adresses(une, chemin)


@cache
def publiees() -> dict[str, str]:
    """Nom et chemin de chaque adresse de la maison."""
    return {
        str(une.name): chemin for une, chemin in _adresses(get_resolver()) if not chemin.startswith(tuple(PREFIXES))
    }


def test_chaque_adresse_est_dans_la_table() -> None:
    absentes = {nom: chemin for nom, chemin in publiees().items() if nom not in TABLE}
    assert not absentes, "Ajouter à tests/acces/table.py :\n" + "\n".join(
        f'    "{nom}": dossier("…", *GP),  # ou roles(R.…, *G), connecte(*GP), public(*G) : {chemin}'
        for nom, chemin in absentes.items()
    )


def test_chaque_ligne_de_la_table_existe() -> None:
    mortes = [nom for nom, regle in TABLE.items() if nom not in publiees() and regle.genre != "demonstration"]
    assert not mortes, f"Retirer de tests/acces/table.py : {', '.join(mortes)}"


def test_aucune_adresse_n_est_sans_nom_ni_double() -> None:
    noms = [str(une.name) for une, chemin in _adresses(get_resolver()) if not chemin.startswith(tuple(PREFIXES))]
    assert "None" not in noms
    assert len(noms) == len(set(noms))


def test_la_demonstration_n_existe_pas_ailleurs() -> None:
    for nom in [nom for nom, regle in TABLE.items() if regle.genre == "demonstration"]:
        with pytest.raises(NoReverseMatch):
            reverse(nom, args=["x"] if nom == "courrier_pdf" else [])


# --- Les scènes, bâties une fois -------------------------------------------------------------
@pytest.fixture(scope="module")
def jeux(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, Scene]]:
    """Une scène par état, dans une transaction rendue à la fin du module."""
    with scenes.base_ouverte(django_db_blocker):
        yield {etat: scenes.construire(etat) for etat in scenes.ETATS}


@dataclass(frozen=True)
class Cible:
    """Une adresse à demander : nom, règle, chemin vers ce dossier, chemin vers un dossier qui n'existe pas."""

    nom: str
    regle: Regle
    chemin: str
    inconnu: str
    roles: frozenset[str] = frozenset()


def _cible(nom: str, regle: Regle, jeu: Scene, **de_plus: Any) -> Cible:
    noms = regle.args(jeu) if regle.args else {}
    if regle.genre != "dossier":
        chemin = reverse(nom, kwargs=noms)
        return Cible(nom, regle, chemin, chemin, frozenset(regle.roles))
    noms |= de_plus.get("args", {})
    return Cible(
        nom,
        regle,
        reverse(nom, kwargs={"reference": jeu.dossier.reference, **noms}),
        reverse(nom, kwargs={"reference": INCONNUE, **noms}),
        frozenset(de_plus.get("roles", regle.roles)),
    )


def cibles(jeu: Scene) -> list[Cible]:
    """Toutes les adresses de la table, et une par geste du dossier."""
    toutes = []
    for nom, regle in TABLE.items():
        if regle.genre == "demonstration" or nom not in publiees():
            continue
        if nom != "dossier_geste":
            toutes.append(_cible(nom, regle, jeu))
            continue
        for geste in gestes.GESTES:
            propre = Regle("dossier", regle.methodes, droits=("sommaire.lire", geste.droit), ecrit="geste sans champ")
            toutes.append(_cible(nom, propre, jeu, args={"code": geste.code}, roles=geste.roles))
    return toutes


class Visiteur:
    """Une personne (ou personne) devant le site : ses droits, son client, ses refus de référence."""

    def __init__(self, jeu: Scene, cle: str) -> None:
        self.cle, self.jeu = cle, jeu
        self.compte = None if cle == scenes.ANONYME else jeu[cle]
        self.client = Client()
        self.droits = Droits(self.compte, jeu.dossier) if self.compte else None
        if self.compte:
            self.client.force_login(self.compte, backend="allauth.account.auth_backends.AuthenticationBackend")
            if self.compte.is_active:
                self.client.get("/accessibilite/")
        self.anonyme = self.compte is None or not self.compte.is_active
        # Témoins de départ : un message laissé par un envoi ne doit pas paraître sur la page suivante.
        self.temoins = {nom: temoin.value for nom, temoin in self.client.cookies.items()}
        self._refus: dict[str, tuple[Any, ...]] = {}

    def ouvre(self, cible: Cible) -> bool:
        """Vrai si une séance ouverte et les droits laissent entrer."""
        return not self.anonyme and self.permis(cible)

    def permis(self, cible: Cible) -> bool:
        """Ce que la table et la matrice promettent à cette personne sur cette adresse."""
        assert self.compte is not None
        assert self.droits is not None
        if cible.roles and self.compte.role not in cible.roles:
            return False
        return all(self.droits.peut(droit) for droit in cible.regle.droits)

    def demander(self, methode: str, chemin: str) -> tuple[Any, list[str]]:
        """Demande une adresse et rend ce qui a été écrit; tout est défait ensuite."""
        ecrits: list[str] = []

        def noter(executer: Any, ordre: Any, *reste: Any) -> Any:
            trouve = ECRITURE.match(str(ordre))
            if trouve and not trouve[1].startswith(ECRITURES_PERMISES):
                ecrits.append(trouve[1])
            return executer(ordre, *reste)

        with transaction.atomic(), connection.execute_wrapper(noter):
            reponse = self.client.generic(methode, chemin) if methode != "POST" else self.client.post(chemin, {})
            transaction.set_rollback(True)
        self.client.cookies.clear()
        self.client.cookies.load(self.temoins)
        return reponse, ecrits

    def refus(self, methode: str) -> tuple[Any, ...]:
        """Ce que reçoit cette personne d'un dossier qui n'existe pas : la même page, quelle que soit l'adresse."""
        if methode not in self._refus:
            chemin = reverse("dossier_echanges", args=[INCONNUE])
            self._refus[methode] = normaliser(self.demander(methode, chemin)[0], chemin)
        return self._refus[methode]


def normaliser(reponse: HttpResponse, chemin: str) -> tuple[Any, ...]:
    """Statut, en-têtes et corps, sans ce qui change à chaque réponse."""
    reference = re.search(r"/(?:dossiers|evaluation)/([^/]+)/", chemin)
    corps = JETON.sub(b"", reponse.content)
    if reference:
        corps = corps.replace(reference[1].encode(), b"REFERENCE")
    entetes = {
        nom: re.sub(r"'nonce-[^']*'", "", valeur)
        for nom, valeur in reponse.headers.items()
        if nom not in ("Content-Length", "Date")
    }
    return reponse.status_code, tuple(sorted(entetes.items())), corps


# --- Le jugement -----------------------------------------------------------------------------
def juger(visiteur: Visiteur, cible: Cible, methode: str) -> str:
    """Chaîne vide si la réponse est celle promise, sinon ce qui ne va pas."""
    try:
        reponse, ecrits = visiteur.demander(methode, cible.chemin)
    except (Exception, pytest.fail.Exception) as erreur:  # noqa: BLE001
        return f"lève {type(erreur).__name__} : {str(erreur)[:160]}"
    statut = reponse.status_code
    if statut >= 500:
        return f"{statut}"
    if visiteur.anonyme and cible.regle.genre != "public":
        ok = statut == 302 and reponse.headers["Location"].startswith(PORTES)
        return "" if ok else f"anonyme : {statut} {reponse.headers.get('Location', '')}"
    if methode not in cible.regle.methodes:
        return "" if statut == 405 else f"{statut} au lieu de 405"
    if not visiteur.anonyme and not visiteur.permis(cible):
        return _juger_invisible(visiteur, cible, methode, reponse)
    return _juger_permise(cible, reponse, ecrits)


def _juger_permise(cible: Cible, reponse: HttpResponse, ecrits: list[str]) -> str:
    """Ce qui s'ouvre répond 200 ou redirige; sans champ, rien ne s'écrit."""
    statut = reponse.status_code
    if ecrits and not cible.regle.ecrit:
        return f"écrit dans {sorted(set(ecrits))}"
    if cible.regle.genre != "public" and statut == 302 and reponse.headers["Location"].startswith(PORTES):
        return "renvoie une personne connectée à la connexion"
    if statut in PERMIS or (statut == 404 and cible.regle.manque):
        return ""
    return f"{statut} à une personne permise"


def _juger_invisible(visiteur: Visiteur, cible: Cible, methode: str, reponse: HttpResponse) -> str:
    """Ce qui ne s'ouvre pas à cette personne répond comme ce qui n'existe pas."""
    if cible.regle.genre != "dossier":
        return "" if reponse.status_code == 404 else f"{reponse.status_code} hors rôle"
    lu, attendu = normaliser(reponse, cible.chemin), visiteur.refus(methode)
    if lu[0] != 404:
        return f"{lu[0]} au lieu de 404 : l'existence se voit"
    return "" if lu == attendu else f"diffère de l'inexistant : {_difference(lu, attendu)}"


def _difference(lu: tuple[Any, ...], attendu: tuple[Any, ...]) -> str:
    entetes = set(lu[1]) ^ set(attendu[1])
    rang = next((i for i, (a, b) in enumerate(zip(lu[2], attendu[2], strict=False)) if a != b), 0)
    corps = b"" if lu[2] == attendu[2] else lu[2][max(0, rang - 60) : rang + 60]
    return f"{lu[0]}/{attendu[0]} {sorted(entetes)[:3]} {corps!r}"


def balayer(
    jeu: Scene,
    cles: tuple[str, ...],
    methodes: tuple[str, ...],
    genres: tuple[str, ...],
    *,
    tous_gestes: bool = False,
    permis_seulement: bool = False,
) -> list[str]:
    """Demande toutes les adresses de ces genres par toutes ces personnes; rend les écarts.

    Les gestes partagent une seule vue : sans `tous_gestes`, chacun n'est demandé que par qui y a droit.
    """
    debut, ecarts, avant = time.perf_counter(), [], COMPTE["acces_combinaisons"]
    a_voir = [cible for cible in cibles(jeu) if cible.regle.genre in genres]
    with horloge.figer(jeu.instant):
        for cle in cles:
            visiteur = Visiteur(jeu, cle)
            for cible in a_voir:
                restreint = permis_seulement or (cible.nom == "dossier_geste" and not tous_gestes)
                if restreint and not visiteur.ouvre(cible):
                    continue
                for methode in methodes:
                    COMPTE["acces_combinaisons"] += 1
                    if ecart := juger(visiteur, cible, methode):
                        ecarts.append(f"{methode} {cible.nom} {cible.chemin} par {cle} : {ecart}")
    COMPTE["secondes"] += time.perf_counter() - debut
    # Un balayage vide ne pourrait pas échouer.
    assert COMPTE["acces_combinaisons"] > avant
    return ecarts


def _sans_ecart(ecarts: list[str]) -> None:
    assert not ecarts, f"{len(ecarts)} écarts\n" + "\n".join(ecarts[:60])


@pytest.mark.parametrize(("etat", "liens"), CHAQUE_JOUR, ids=[etat for etat, _ in CHAQUE_JOUR])
def test_adresses_d_un_dossier(jeux: dict[str, Scene], etat: str, liens: tuple[str, ...]) -> None:
    """Chaque adresse d'un dossier, lue par chacun; un envoi vide, par qui y a droit."""
    _sans_ecart(balayer(jeux[etat], liens, ("GET",), ("dossier",)))
    _sans_ecart(balayer(jeux[etat], liens, ("POST",), ("dossier",), permis_seulement=True))


@pytest.mark.lent
@pytest.mark.parametrize("etat", scenes.ETATS)
def test_toutes_les_combinaisons(jeux: dict[str, Scene], etat: str) -> None:
    """Toutes les adresses × GET et POST × toutes les personnes, tous les gestes."""
    _sans_ecart(balayer(jeux[etat], TOUS, COURANTES, ("dossier",), tous_gestes=True))


def test_gestes_et_envois_refuses(jeux: dict[str, Scene]) -> None:
    """Tous les gestes, et tout envoi, par une personne de chaque rôle : refusé sans rien écrire."""
    jeu = jeux[scenes.ETATS[2]]
    _sans_ecart(balayer(jeu, ("agent_ailleurs", "chef_csems", "medecin2", "clinicien_ailleurs", "mandat_revoque"),
                        ("POST",), ("dossier",), tous_gestes=True))  # fmt: skip


def test_adresses_sans_dossier(jeux: dict[str, Scene]) -> None:
    """Les adresses qui ne tiennent qu'au rôle : une scène suffit, un compte par rôle, toutes les méthodes."""
    _sans_ecart(balayer(jeux[scenes.ETATS[0]], (*UN_PAR_ROLE, "inactif", scenes.ANONYME), COURANTES, FIXES))
    _sans_ecart(balayer(jeux[scenes.ETATS[0]], ("agent", scenes.ANONYME), AUTRES, FIXES))


@pytest.mark.parametrize("etat", scenes.ETATS[1:])
def test_espace_de_la_personne_dans_chaque_etat(jeux: dict[str, Scene], etat: str) -> None:
    """Les pages de la personne changent avec l'état de sa demande."""
    _sans_ecart(balayer(jeux[etat], ("prestataire",), COURANTES, ("roles",), permis_seulement=True))


def test_methodes_interdites(jeux: dict[str, Scene]) -> None:
    """HEAD, PUT, PATCH, DELETE et OPTIONS : refusés avant de regarder qui demande; un compte par rôle suffit."""
    _sans_ecart(balayer(jeux[scenes.ETATS[1]], ("agent", "administrateur"), AUTRES, ("dossier",)))


def test_l_inexistant_repond_partout_pareil(jeux: dict[str, Scene]) -> None:
    """Sur chaque adresse, un dossier qui n'existe pas rend la même page : c'est elle que l'invisible imite."""
    jeu, ecarts = jeux[scenes.ETATS[0]], []
    with horloge.figer(jeu.instant):
        for cle in ("agent", "ressource", "prestataire"):
            visiteur = Visiteur(jeu, cle)
            for cible in [une for une in cibles(jeu) if une.regle.genre == "dossier"]:
                methode = cible.regle.methodes[0]
                COMPTE["acces_combinaisons"] += 1
                lu = normaliser(visiteur.demander(methode, cible.inconnu)[0], cible.inconnu)
                if lu != visiteur.refus(methode):
                    ecarts.append(f"{cible.inconnu} par {cle} : {_difference(lu, visiteur.refus(methode))}")
    assert not ecarts, "\n".join(ecarts[:40])


@pytest.mark.parametrize("cle", [cle for cle in scenes.PERSONNES if cle not in ("inactif", "autre_prestataire")])
def test_l_administration_est_a_l_administrateur(jeux: dict[str, Scene], cle: str) -> None:
    jeu = jeux[scenes.ETATS[0]]
    with horloge.figer(jeu.instant):
        statut = Visiteur(jeu, cle).demander("GET", "/administration/")[0].status_code
    assert statut == (200 if jeu[cle].role == Role.ADMINISTRATEUR else 302)


@pytest.fixture(scope="module", autouse=True)
def _dire_la_mesure(request: pytest.FixtureRequest) -> Iterator[None]:
    """Dit, à la fin, combien de combinaisons ont été demandées."""
    yield
    if COMPTE["acces_combinaisons"]:
        capture = request.config.pluginmanager.getplugin("capturemanager")
        with capture.global_and_fixture_disabled():
            print(f"\nacces_combinaisons : {COMPTE['acces_combinaisons']:.0f} en {COMPTE['secondes']:.1f} s")
