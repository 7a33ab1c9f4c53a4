"""Deux cents « Prendre le suivant » à la fois : chacun doit avoir le sien."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

from django.db import close_old_connections, connection, connections
from django.test.utils import override_settings
from django.urls import reverse

from bench import pages
from comptes.models import Compte, Role
from dossiers.models import Attribution, Dossier, DossierUserObjectPermission

PRISES = 200
LIAISONS = 24  # liaisons à la base ouvertes en même temps : PostgreSQL en permet cent


def _prendre(agent: Compte, depart: threading.Barrier, places: threading.Semaphore) -> str:
    """Référence du dossier que la page ouvre après « Prendre le suivant »; vide si elle n'en prend aucun."""
    depart.wait(120)
    with places:
        close_old_connections()
        try:
            reponse = pages.client(agent).post(reverse("prendre_suivant"))
            sommaire = reponse.headers.get("Location", "")
            return sommaire.rstrip("/").rpartition("/")[2] if "/dossiers/" in sommaire else ""
        finally:
            connections.close_all()


@override_settings(SECOND_FACTEUR_IMPOSE=False)
def distincts() -> tuple[int, int]:
    """Nombre de dossiers différents pris par `PRISES` gestes partis ensemble, et nombre qu'il fallait prendre.

    Il en faut autant que de gestes; à petit volume, tous ceux qui sont libres. Les dossiers sont ensuite rendus.
    """
    repere = pages.agent()
    agents = list(Compte.objects.filter(bureau=repere.bureau, role=Role.AGENT).order_by("pk"))
    libres = Dossier.objects.filter(bureau=repere.bureau, agent=None, balle="agent").count()
    if not libres:
        raise SystemExit("Aucun dossier libre au bureau repère : rien à mesurer. Montez VOLUME.")
    depart, places = threading.Barrier(PRISES), threading.Semaphore(LIAISONS)
    with ThreadPoolExecutor(PRISES) as fils:
        pris = list(fils.map(lambda rang: _prendre(agents[rang % len(agents)], depart, places), range(PRISES)))
    _rendre([un for un in pris if un])
    return len({un for un in pris if un}), min(PRISES, libres)


def _rendre(references: list[str]) -> None:
    """Remet les dossiers dans la file, pour que la mesure se refasse; le journal, lui, garde ses lignes."""
    pris = Dossier.objects.filter(reference__in=references)
    numeros = list(pris.values_list("pk", flat=True))
    Attribution.objects.filter(dossier__in=numeros).delete()
    DossierUserObjectPermission.objects.filter(content_object__in=numeros).delete()
    pris.update(agent=None)
    connection.close()
