"""Entrer dans une révision : le réviseur affecté, sans conflit d'intérêts; sinon 404."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest

from comptes.models import ROLES_DRRA, Compte
from dossiers.acces import Droits
from dossiers.models import Dossier
from dossiers.pages import contexte, entrer, personne_de
from revision import files, lecture
from revision.models import Revision
from socle import horloge


def reviseur_de(request: HttpRequest) -> Compte:
    """Le compte connecté, s'il est réviseur; sinon 404."""
    personne = personne_de(request)
    if personne.role not in ROLES_DRRA:
        raise Http404
    return personne


def entrer_en_revision(
    request: HttpRequest, reference: str, *, consigner: bool = True
) -> tuple[Dossier, Droits, Revision]:
    """Le dossier, les droits et la dernière révision de la demande dont la personne est le réviseur."""
    personne = reviseur_de(request)
    ouvert, droits = entrer(request, reference, "revision.lire", consigner=consigner)
    revision = lecture.revision_du_reviseur(ouvert, personne)
    if revision is None:
        raise Http404
    return ouvert, droits, revision


def contexte_revision(request: HttpRequest, ouvert: Dossier, droits: Droits, revision: Revision) -> dict[str, Any]:
    """Contexte commun : l'en-tête du dossier, la révision, son jour et ses repères."""
    horloge_de = files.horloges([revision])[revision.pk]
    ouverte = lecture.reste_a_rendre(revision)
    return {
        **contexte(request, ouvert, droits, "dossier_evaluation"),
        "revision": revision,
        "horloge": horloge_de,
        "banniere": horloge_de.banniere(horloge.aujourd_hui()) if ouverte else "",
        "ouverte": ouverte,
        "hors_delai": lecture.hors_du_delai(revision, horloge_de.demander),
    }
