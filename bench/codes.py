"""La suggestion d'un code : l'adresse que sert la saisie d'un diagnostic, sur une liste de 14 000 codes."""

from __future__ import annotations

import random
from functools import partial

from django.test import Client
from django.urls import reverse

from bench import pages
from bench.chrono import REPETITIONS, alterner
from referentiels import actes, sources_codes
from referentiels.models import CodeDiagnostic
from referentiels.regles_codes import LigneCode
from socle import horloge

VOLUME = 14_000
SYLLABES = [
    "ba",
    "bro",
    "ca",
    "cor",
    "da",
    "dis",
    "é",
    "fi",
    "ga",
    "go",
    "hy",
    "in",
    "lo",
    "lom",
    "ma",
    "mé",
    "my",
    "né",
    "no",
    "pa",
    "po",
    "ra",
    "ré",
    "sa",
    "sclé",
    "ta",
    "ty",
    "va",
    "vi",
    "zo",
]
# Code, mots, faute d'une lettre, mot inconnu, début d'un mot : ce que tape une clinique.
REELLES = (
    "F33", "m54.5", "lombalgie", "lombaglie", "trouble dépressif récurrent", "etat de stress post-traumatique",
    "fibromyalgi", "syndrome canal carpien", "schizofrenie", "maladie", "tr", "diabète type 2", "xyzzyx",
)  # fmt: skip


def charger() -> tuple[str, ...]:
    """Met une liste en vigueur s'il n'y en a pas, et rend ce qu'on y cherchera.

    Le paquet installé à part, sinon une liste inventée, toujours la même.
    """
    if CodeDiagnostic.objects.count() < VOLUME:
        try:
            lue = sources_codes.lire_paquet()
            lignes, liste = lue.lignes, sources_codes.LISTE_DU_PAQUET
        except sources_codes.PaquetAbsent:
            lignes, liste = inventer(VOLUME), "Liste du banc"
        actes.importer_codes(lignes, liste=liste, source="banc", du=horloge.aujourd_hui())
    if CodeDiagnostic.objects.filter(liste=sources_codes.LISTE_DU_PAQUET).exists():
        return REELLES
    libelle = CodeDiagnostic.objects.order_by("pk").values_list("libelle", flat=True)[VOLUME // 2]
    mot = max(libelle.split(), key=len)
    return ("F33", "m54.5", mot, libelle, mot[:3] + mot[4:], mot[:4], " ".join(reversed(libelle.split())), "xyzzyx")


def inventer(nombre: int) -> list[LigneCode]:
    """Des libellés inventés, de trois à neuf mots pris dans quelques milliers : la forme d'une vraie liste."""
    hasard = random.Random(33)
    mots = ["".join(hasard.choices(SYLLABES, k=hasard.randint(2, 5))) for _ in range(6000)]
    codes = [
        f"{lettre}{rang:02}.{suite}" for lettre in "ABCDEFGHIJKLMNOP" for rang in range(100) for suite in range(10)
    ]
    return [
        LigneCode(code, " ".join(hasard.choices(mots, k=hasard.randint(3, 9))).capitalize()) for code in codes[:nombre]
    ]


def mesurer(repetitions: int = REPETITIONS) -> tuple[pages.Prise, pages.Prise]:
    """Durées de toutes les recherches ensemble, et de la même adresse sans rien chercher."""
    cherches = charger()
    navigateur = pages.client(pages.agent())
    adresse = reverse("codes_diagnostic")
    tour = alterner([partial(_demander, navigateur, adresse, texte) for texte in ("", *cherches)], repetitions)
    return pages.Prise.de([duree for texte in tour[1:] for duree in texte]), pages.Prise.de(tour[0])


def _demander(navigateur: Client, adresse: str, texte: str) -> None:
    reponse = navigateur.post(adresse, {"texte": texte})
    if reponse.status_code != 200:
        raise SystemExit(f"{adresse} répond {reponse.status_code} : rien à mesurer.")
