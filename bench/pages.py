"""Les pages mesurées : la file de l'agent et le Sommaire, par le client d'essai, du serveur seul."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from django.urls import reverse

from bench.chrono import REPETITIONS, centile, durees
from comptes.models import Compte, Role
from cse.peuplement import faits
from dossiers.models import Dossier
from espaces.files import ONGLETS

AGENT = "agent.0@exemple.invalid"
ADMINISTRATEUR = "banc@exemple.invalid"
HOTE = "localhost"
TOUS = "tous les onglets"
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


def file(repetitions: int = REPETITIONS) -> dict[str, Prise]:
    """Durée de chaque onglet de la file, et de tous ensemble (sous `TOUS`)."""
    navigateur = client(agent())
    prises = {adresse: durees(partial(_lire, navigateur, adresse), repetitions) for adresse in onglets()}
    ensemble = [duree for onglet in prises.values() for duree in onglet]
    return {TOUS: Prise.de(ensemble), **{adresse: Prise.de(onglet) for adresse, onglet in prises.items()}}


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


def sommaire(rang: int = faits.DOSSIER_ORDINAIRE, repetitions: int = REPETITIONS) -> Prise:
    """Durée du Sommaire d'un dossier repère."""
    navigateur = client(agent())
    dossier = Dossier.objects.order_by("pk")[rang]
    adresse = reverse("dossier_sommaire", args=[dossier.reference])
    return Prise.de(durees(lambda: _lire(navigateur, adresse), repetitions))


@override_settings(ROOT_URLCONF="bench.urls")
def liste_nue(repetitions: int = REPETITIONS) -> Prise:
    """La même liste par la vue Django la plus nue, sous les mêmes intergiciels : le plancher."""
    navigateur = client(agent())
    return Prise.de(durees(lambda: _lire(navigateur, "/banc/nue/"), repetitions))


@override_settings(ROOT_URLCONF="bench.urls")
def liste_admin(repetitions: int = 10) -> Prise:
    """La liste de l'administration de Django sur la même table, telle qu'elle vient : le pair."""
    administrateur, _ = Compte.objects.get_or_create(
        email=ADMINISTRATEUR,
        defaults={"nom": "Banc fictif", "role": Role.ADMINISTRATEUR, "is_staff": True, "is_superuser": True},
    )
    navigateur = client(administrateur)
    return Prise.de(durees(lambda: _lire(navigateur, "/banc/dossiers/dossier/"), repetitions))
