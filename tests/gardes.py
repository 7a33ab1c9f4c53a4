"""Les gardes des essais : chacune transforme une négligence silencieuse en échec.

Posées pour toute la course par `tests/conftest.py`; éprouvées par `tests/socle_maison`.
"""

from __future__ import annotations

import datetime as dt
import ipaddress
import random
import re
import socket
import sys
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from django.db import connection
from django.db.models import DateField
from django.db.models.query import MAX_GET_RESULTS, QuerySet
from django.db.models.sql.compiler import SQLCompiler
from django.template import Template
from django.template.base import FilterExpression, Node
from django.test import Client
from lxml import etree

RACINE = Path(__file__).resolve().parent.parent


# --- Réseau ---------------------------------------------------------------------------
class ReseauFerme(RuntimeError):
    """Un essai a voulu sortir de la machine."""


def _est_local(adresse: Any) -> bool:
    if not isinstance(adresse, tuple):
        return True  # prise Unix
    hote = str(adresse[0])
    if hote in ("localhost", ""):
        return True
    try:
        return ipaddress.ip_address(hote).is_loopback
    except ValueError:
        return False


def fermer_le_reseau() -> None:
    """N'admettre que les prises Unix et la boucle locale."""
    connecter, resoudre = socket.socket.connect, socket.getaddrinfo

    def connecter_local(prise: socket.socket, adresse: Any) -> None:
        if not _est_local(adresse):
            raise ReseauFerme(f"réseau fermé pendant les essais : {adresse!r}")
        connecter(prise, adresse)

    def resoudre_local(hote: Any, *reste: Any, **options: Any) -> Any:
        if hote is not None and not _est_local((hote.decode() if isinstance(hote, bytes) else hote, 0)):
            raise ReseauFerme(f"réseau fermé pendant les essais : {hote!r}")
        return resoudre(hote, *reste, **options)

    socket.socket.connect = connecter_local  # type: ignore[method-assign, assignment]
    socket.getaddrinfo = resoudre_local  # type: ignore[assignment]


# --- Gabarits -------------------------------------------------------------------------
class VariableAbsente(str):
    """Valeur de `string_if_invalid` : une variable absente d'un gabarit de la maison échoue.

    Les gabarits des bibliothèques comptent sur le vide; ils le gardent.
    """

    __slots__ = ()

    def __bool__(self) -> bool:
        """Django demande si cette valeur vaut mieux que le vide : oui, quand c'est une faute."""
        expression = sys._getframe(1).f_locals.get("self")
        if not isinstance(expression, FilterExpression):
            return False
        if any(fonction.__name__ in ("default", "default_if_none") for fonction, _ in expression.filters):
            return False
        origine = _gabarit_en_cours()
        return origine is not None and RACINE in origine.parents and ".venv" not in origine.parts

    def __contains__(self, morceau: object) -> bool:
        return morceau == "%s"

    def __mod__(self, variable: object) -> str:
        pytest.fail(f"variable absente « {variable} » dans {_gabarit_en_cours()}")


def _gabarit_en_cours() -> Path | None:
    """Rendre le fichier du gabarit que Django rend à cet instant."""
    cadre: FrameType | None = sys._getframe(1)
    while cadre is not None:
        objet = cadre.f_locals.get("self")
        if isinstance(objet, Node) and cadre.f_code.co_name == "render_annotated" and objet.origin is not None:
            return Path(objet.origin.name)
        if isinstance(objet, Template):
            return Path(objet.origin.name)
        cadre = cadre.f_back
    return None


# --- Requêtes -------------------------------------------------------------------------
def surveiller_les_requetes(alea: random.Random) -> None:
    """Mêler les listes sans ordre; refuser d'en prendre une tranche."""
    charger = QuerySet._fetch_all

    def charger_mele(liste: QuerySet[Any]) -> None:
        neuve = liste._result_cache is None
        requete = liste.query
        if neuve and requete.is_sliced and not liste.ordered and requete.high_mark != MAX_GET_RESULTS:
            pytest.fail(f"tranche d'une liste sans ordre : {liste.model.__name__}")
        charger(liste)
        if neuve and liste._result_cache and not liste.ordered:
            alea.shuffle(liste._result_cache)

    QuerySet._fetch_all = charger_mele  # type: ignore[method-assign, assignment]

    rendre = SQLCompiler.as_sql

    def rendre_surveille(compilateur: SQLCompiler, *reste: Any, **options: Any) -> Any:
        resultat = rendre(compilateur, *reste, **options)
        requete = compilateur.query
        if requete.select_for_update and not requete.select_for_update_of and " JOIN " in resultat[0]:
            pytest.fail(f"select_for_update sans « of » sur une jointure : {requete.get_meta().label}")
        return resultat

    SQLCompiler.as_sql = rendre_surveille  # type: ignore[method-assign, assignment]


def refuser_un_instant_pour_une_date() -> None:
    """Un instant mis dans un champ de date perd son heure sans le dire : c'est une faute."""
    lire = DateField.to_python

    def lire_date(champ: Any, valeur: Any) -> Any:
        if type(champ) is DateField and isinstance(valeur, dt.datetime):
            pytest.fail(f"instant donné au champ de date « {champ.name} »")
        return lire(champ, valeur)

    DateField.to_python = lire_date  # type: ignore[method-assign, assignment]


# --- Pages ----------------------------------------------------------------------------
class _Lecteur(HTMLParser):
    """Relève les formulaires POST sans jeton, et ce que la CSP refuserait."""

    def __init__(self) -> None:
        super().__init__()
        self.fautes: list[str] = []
        self._poste = False
        self._jeton = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        donnees = dict(attrs)
        self._verifier_csp(tag, donnees)
        if tag == "form":
            self._poste = (donnees.get("method") or "").lower() == "post"
            self._jeton = False
        elif tag == "input" and donnees.get("name") == "csrfmiddlewaretoken":
            self._jeton = True

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            if self._poste and not self._jeton:
                self.fautes.append("formulaire POST sans jeton CSRF")
            self._poste = False

    def _verifier_csp(self, tag: str, attributs: dict[str, str | None]) -> None:
        if tag == "style" or "style" in attributs:
            self.fautes.append(f"style dans la page : <{tag}>")
        donnees_json = attributs.get("type") in ("application/json", "application/ld+json")
        if tag == "script" and "src" not in attributs and not donnees_json:
            self.fautes.append("script dans la page")
        self.fautes += [f"gestionnaire {nom} : <{tag}>" for nom in attributs if nom.startswith("on")]
        if (attributs.get("href") or "").strip().lower().startswith("javascript:"):
            self.fautes.append("lien javascript:")


# Ce qui mérite une lecture balise par balise; tout le reste est sain, et se voit cent fois plus vite.
_EN_MINUSCULES = "translate(., 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz')"
_SUSPECT = etree.XPath(
    "boolean(//style | //@style | //@*[starts-with(name(), 'on')]"
    " | //script[not(@src) and not(@type = 'application/json' or @type = 'application/ld+json')]"
    f" | //@href[contains({_EN_MINUSCULES}, 'javascript:')]"
    f" | //form[@method[{_EN_MINUSCULES} = 'post']][not(.//input[@name = 'csrfmiddlewaretoken'])])"
)


def fautes_de_page(html: str) -> list[str]:
    """Rendre les fautes d'une page de la maison : jeton absent, style ou script dans la page."""
    try:
        if not _SUSPECT(etree.HTML(html)):
            return []
    except (etree.ParserError, TypeError, ValueError):
        # Ce que la lecture rapide ne sait pas lire, la lente le juge.
        pass
    lecteur = _Lecteur()
    lecteur.feed(html)
    return lecteur.fautes


# Une lecture ne laisse que la trace de la consultation et ce que tient la connexion.
ECRITURE = re.compile(r'^\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+"?(\w+)"?', re.IGNORECASE)
ECRITURES_PERMISES = ("journal_", "django_session", "usersessions_", "axes_", "account_", "mfa_")
LECTURES = ("GET", "HEAD", "OPTIONS")
HORS_MAISON = ("/administration/", "/compte/")


def surveiller_les_pages() -> None:
    """Vérifier chaque page rendue au client d'essai, et que GET n'écrit pas."""
    demander = Client.request

    def demander_surveille(client: Client, **requete: Any) -> Any:
        methode, chemin = requete.get("REQUEST_METHOD", "GET"), requete.get("PATH_INFO", "/")
        if methode in LECTURES and connection.connection is not None:
            with connection.execute_wrapper(_refuser_ecriture(chemin)):
                reponse = demander(client, **requete)
        else:
            reponse = demander(client, **requete)
        type_ = reponse.headers.get("Content-Type", "")
        if type_.startswith("text/html") and not reponse.streaming and not chemin.startswith(HORS_MAISON):
            fautes = fautes_de_page(reponse.content.decode(reponse.charset))
            if fautes:
                pytest.fail(f"{chemin} : {'; '.join(sorted(set(fautes)))}")
        return reponse

    Client.request = demander_surveille  # type: ignore[method-assign, assignment]


def _refuser_ecriture(chemin: str) -> Callable[..., Any]:
    def envelopper(executer: Callable[..., Any], ordre: Any, *reste: Any) -> Any:
        trouve = ECRITURE.match(str(ordre))
        if trouve and not trouve[1].startswith(ECRITURES_PERMISES) and not chemin.startswith(HORS_MAISON):
            pytest.fail(f"GET {chemin} écrit dans {trouve[1]}")
        return executer(ordre, *reste)

    return envelopper
