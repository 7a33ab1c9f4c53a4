"""Le SR-2100 d'une clinicienne invitée : requêtes de chaque page, poids de la première vue."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urljoin

from django.contrib.staticfiles import finders
from django.db import connection, transaction
from django.templatetags.static import static
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bench import pages
from comptes.models import Bureau, Compte, Permis, Role
from dossiers.actes.demandes import ouvrir_dossier
from dossiers.porte import executer
from formulaires.forms import PAGES
from referentiels import lecture as referentiels
from socle import horloge

ECRIT: dict[str, dict[str, str]] = {
    "patient": {"bien_mon_patient": "on"},
    "diagnostics": {"libelle_1": "Lombalgie", "libelle_2": "Arthrose", "principal": "1", "effet_cumulatif": "on"},
    "limitations": {},
    "duree": {"duree_type": "permanente", "contrainte": "severe", "traitements": "Physiothérapie, sans effet."},
}


@contextmanager
def invitee() -> Iterator[tuple[Client, str]]:
    """Une clinicienne invitée à un dossier neuf, et la référence du dossier; rien ne reste en base."""
    with transaction.atomic():
        yield _inviter()
        transaction.set_rollback(True)


def _inviter() -> tuple[Client, str]:
    bureau = Bureau.objects.order_by("pk").first() or Bureau.objects.create(code="banc", nom="Bureau du banc")
    personne, agente, clinicienne = (
        Compte.objects.create_user(f"banc-{role}@exemple.invalid", prenom="Banc", nom=role.title(), role=role)
        for role in (Role.PRESTATAIRE, Role.AGENT, Role.CLINICIEN)
    )
    agente.bureau = bureau
    agente.save(update_fields=["bureau"])
    jour = horloge.aujourd_hui()
    Permis.objects.create(compte=clinicienne, titre="medecin", numero="00000", du=jour - timedelta(days=365))
    dossier = ouvrir_dossier(
        personne, acteur=personne, bureau_id=bureau.pk, region="06", naissance=jour.replace(1980, 1, 1)
    )
    executer("deposer_demande", acteur=personne, dossier=dossier, canal="en_ligne", type="initiale")
    executer("consentir", acteur=personne, dossier=dossier, objet="joindre_clinicien")
    executer("inviter_clinicien", acteur=agente, dossier=dossier, clinicien=clinicienne)
    return pages.client(clinicienne), dossier.reference


def requetes() -> dict[str, int]:
    """Requêtes SQL de chaque page du SR-2100, le brouillon plein."""
    niveaux = {f"niveau_{un.code}": "moderee" for un in referentiels.domaines(horloge.aujourd_hui())}
    exemples = {nom.replace("niveau_", "exemple_"): "Quinze minutes au plus." for nom in niveaux}
    comptes = {}
    with invitee() as (navigateur, reference):
        for nom in PAGES:
            adresse = reverse("sr2100_page", args=[reference, nom])
            envoi = {**ECRIT[nom], **(niveaux | exemples if nom == "limitations" else {})}
            if navigateur.post(adresse, envoi).status_code != 302:
                raise SystemExit(f"{adresse} n'a pas pris la page : rien à mesurer.")
        autres = ["sr2100", "sr2100_verifier", "sr2100_decliner"]
        adresses = [reverse("sr2100_page", args=[reference, nom]) for nom in PAGES]
        for adresse in [*adresses, *(reverse(nom, args=[reference]) for nom in autres)]:
            with CaptureQueriesContext(connection) as prises:
                if navigateur.get(adresse).status_code != 200:
                    raise SystemExit(f"{adresse} ne s'ouvre pas : rien à mesurer.")
            comptes[adresse.rstrip("/").rpartition("/")[2]] = len(prises)
    return comptes


class _Fichiers(HTMLParser):
    """Les fichiers qu'une page demande : feuilles, scripts, images."""

    def __init__(self) -> None:
        super().__init__()
        self.adresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Garder l'adresse d'une feuille, d'un script ou d'une image."""
        dits = dict(attrs)
        adresse = dits.get("href") if tag == "link" else dits.get("src") if tag in ("script", "img") else None
        if adresse:
            self.adresses.append(adresse)


def _lire(adresse: str) -> bytes:
    nom = adresse.partition("?")[0].removeprefix(static(""))
    trouve = finders.find(nom)
    if not isinstance(trouve, str):
        raise SystemExit(f"{adresse} n'est pas un fichier statique : rien à mesurer.")
    return Path(trouve).read_bytes()


def peser(navigateur: Client, adresse: str) -> float:
    """Ko compressés (gzip) d'une page et de tout ce qu'elle demande, cache vide."""
    page = navigateur.get(adresse).content
    lecteur = _Fichiers()
    lecteur.feed(page.decode())
    contenus = {"": page}
    restent = list(lecteur.adresses)
    while restent:
        demandee = restent.pop()
        if demandee in contenus or demandee.startswith("data:"):
            continue
        contenus[demandee] = _lire(demandee)
        if demandee.endswith(".css"):
            citees = re.findall(r"url\(['\"]?([^'\")#]+)", contenus[demandee].decode())
            restent += [urljoin(demandee, citee) for citee in citees if not citee.startswith("data:")]
    return sum(len(gzip.compress(octets)) for octets in contenus.values()) / 1024


def poids() -> dict[str, float]:
    """Ko de la première vue de la clinique : sa liste, puis une page du rapport."""
    with invitee() as (navigateur, reference):
        return {
            "liste": peser(navigateur, reverse("clinique")),
            "diagnostics": peser(navigateur, reverse("sr2100_page", args=[reference, "diagnostics"])),
        }
