"""Les pages mesurées : la file de l'agent et le Sommaire, par le client d'essai, du serveur seul."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from django.urls import reverse

from bench.chrono import REPETITIONS, alterner, centile, durees
from comptes.models import Compte, Role
from cse.peuplement import faits
from dossiers.models import Dossier
from espaces.files import ONGLETS

AGENT = "agent.0@exemple.invalid"
ADMINISTRATEUR = "banc@exemple.invalid"
HOTE = "localhost"
NUE = "/banc/nue/"
MOTEUR = "allauth.account.auth_backends.AuthenticationBackend"


@dataclass(frozen=True)
class Prise:
    """p50 et p95, en millisecondes."""

    p50: float
    p95: float

    @classmethod
    def de(cls, prises: list[float]) -> Prise:
        return cls(centile(prises, 0.5), centile(prises, 0.95))


def agent() -> Compte:
    """L'agent repère, dans le plus grand bureau."""
    return Compte.objects.select_related("bureau").get(email=AGENT)


def client(compte: Compte) -> Client:
    """Client d'essai connecté."""
    navigateur = Client(SERVER_NAME=HOTE)
    navigateur.force_login(compte, backend=MOTEUR)
    return navigateur


def onglets() -> list[str]:
    """Adresse de chaque onglet de la file."""
    return [reverse("travail") + (f"?file={onglet.code}" if onglet.code else "") for onglet in ONGLETS]


def _lire(navigateur: Client, adresse: str) -> None:
    reponse = navigateur.get(adresse)
    if reponse.status_code != 200:
        raise SystemExit(f"{adresse} répond {reponse.status_code} : rien à mesurer.")


@override_settings(ROOT_URLCONF="bench.urls")
def _contre_la_vue_nue(navigateur: Client, adresses: list[str], repetitions: int) -> tuple[Prise, Prise]:
    """Durées des adresses ensemble, et de la vue nue prise en alternance : le bruit de l'hôte est commun."""
    tour = alterner([partial(_lire, navigateur, adresse) for adresse in [NUE, *adresses]], repetitions)
    return Prise.de([duree for page in tour[1:] for duree in page]), Prise.de(tour[0])


def file(repetitions: int = REPETITIONS) -> tuple[Prise, Prise]:
    """Durées des cinq onglets de la file, ensemble, et de la vue nue : même liste, mêmes intergiciels."""
    return _contre_la_vue_nue(client(agent()), onglets(), repetitions)


def requetes() -> dict[str, int]:
    """Nombre de requêtes SQL de chaque onglet."""
    navigateur = client(agent())
    comptes = {}
    for adresse in onglets():
        _lire(navigateur, adresse)
        with CaptureQueriesContext(connection) as prises:
            _lire(navigateur, adresse)
        comptes[adresse] = len(prises)
    return comptes


def sommaire(rang: int = faits.DOSSIER_ORDINAIRE, repetitions: int = REPETITIONS) -> tuple[Prise, Prise]:
    """Durées du Sommaire d'un dossier repère, et de la vue nue."""
    dossier = Dossier.objects.order_by("pk")[rang]
    adresse = reverse("dossier_sommaire", args=[dossier.reference])
    return _contre_la_vue_nue(client(agent()), [adresse], repetitions)


@override_settings(ROOT_URLCONF="bench.urls")
def liste_admin(repetitions: int = 10) -> Prise:
    """La liste de l'administration de Django sur la même table, telle qu'elle vient : le pair."""
    administrateur, _ = Compte.objects.get_or_create(
        email=ADMINISTRATEUR,
        defaults={"nom": "Banc fictif", "role": Role.ADMINISTRATEUR, "is_staff": True, "is_superuser": True},
    )
    navigateur = client(administrateur)
    return Prise.de(durees(lambda: _lire(navigateur, "/banc/dossiers/dossier/"), repetitions))
