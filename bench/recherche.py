"""Chercher une personne : noms bien ou mal écrits, dans le désordre, références, NAM; durées et part retrouvée."""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import partial
from html import escape

from django.test import Client
from django.test.utils import override_settings
from django.urls import reverse

from bench import pages
from bench.chrono import ECHAUFFEMENT, alterner
from dossiers.models import Dossier, MotNom
from dossiers.recherche import refaire_vocabulaire

SUJETS = 60  # dossiers cherchés
CHRONOMETRES = 3  # un sujet sur trois : huit recherches chacun, et leur échauffement
ALPHABET = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True)
class Sujet:
    """Un dossier cherché : qui c'est, et ce que l'on tape."""

    reference: str
    nom: str
    saisies: tuple[str, ...]
    fautives: tuple[str, ...]


def fautes(mot: str, hasard: random.Random) -> list[str]:
    """Le mot avec une lettre changée, oubliée, ajoutée, et deux inversées; chaque faute à un endroit tiré au sort."""
    rang, lettre = hasard.randrange(len(mot)), hasard.choice(ALPHABET)
    autre = hasard.randrange(len(mot) - 1)
    return [
        mot[:rang] + lettre + mot[rang + 1 :],
        mot[:rang] + mot[rang + 1 :],
        mot[:rang] + lettre + mot[rang:],
        mot[:autre] + mot[autre + 1] + mot[autre] + mot[autre + 2 :],
    ]


def sujets() -> list[Sujet]:
    """Des dossiers du bureau de l'agent repère, pris de loin en loin, toujours les mêmes."""
    if not MotNom.objects.exists():
        refaire_vocabulaire()
    hasard = random.Random(14)
    bureau = Dossier.objects.filter(bureau=pages.agent().bureau).select_related("prestataire")
    numeros = list(bureau.order_by("pk").values_list("pk", flat=True))
    pris = bureau.filter(pk__in=numeros[:: max(1, len(numeros) // SUJETS)][:SUJETS])
    return [_sujet(un, hasard) for un in pris.order_by("pk")]


def _sujet(dossier: Dossier, hasard: random.Random) -> Sujet:
    prenom, nom = dossier.prestataire.prenom, dossier.prestataire.nom
    saisies = (f"{nom} {prenom}", f"{prenom} {nom[:4]}", dossier.reference, dossier.nam)
    fautives = (
        *(f"{faux} {prenom}" for faux in fautes(nom.lower(), hasard)),
        *(f"{faux} {nom}" for faux in fautes(prenom.lower(), hasard)),
    )
    return Sujet(dossier.reference, dossier.prestataire.nom_complet, saisies, fautives)


def _chercher(navigateur: Client, texte: str) -> str:
    """Ce que la recherche montre; l'adresse du dossier si elle y mène d'elle-même."""
    reponse = navigateur.post(reverse("rechercher"), {"q": texte})
    if reponse.status_code not in (200, 302):
        raise SystemExit(f"La recherche répond {reponse.status_code} : rien à mesurer.")
    return str(reponse.headers.get("Location") or reponse.content.decode())


@override_settings(ROOT_URLCONF="bench.urls")
def durees() -> tuple[pages.Prise, pages.Prise]:
    """Durées de toutes les recherches ensemble, et de la vue nue prise en alternance."""
    navigateur = pages.client(pages.agent())
    lues, nue = [], []
    for un in sujets()[::CHRONOMETRES]:
        gestes = [partial(_chercher, navigateur, texte) for texte in (*un.saisies, *un.fautives[:4])]
        tour = alterner([partial(navigateur.get, pages.NUE), *gestes], 1)
        nue += tour[0]
        lues += [duree for geste in tour[1:] for duree in geste]
    if len(nue) < ECHAUFFEMENT:
        raise SystemExit("Trop peu de dossiers au bureau repère : rien à mesurer.")
    return pages.Prise.de(lues), pages.Prise.de(nue)


def rappel() -> float:
    """Part des noms retrouvés parmi les résultats quand une lettre du nom ou du prénom est fautive.

    Retrouvé : la page mène au dossier, ou montre quelqu'un de ce nom; entre homonymes, c'est la date qui choisit.
    """
    navigateur = pages.client(pages.agent())
    essais = [(un, texte) for un in sujets() for texte in un.fautives]
    trouves = 0
    for un, texte in essais:
        vu = _chercher(navigateur, texte)
        trouves += escape(un.nom) in vu or un.reference in vu or un.nom in vu
    return trouves / len(essais)
