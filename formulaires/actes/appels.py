"""Noter un appel d'un clinicien à la ligne du CSEMS. Ni dossier ni nom : l'acte vit hors de la porte des dossiers."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction

from comptes.models import Compte, Role
from dossiers import verification as verifier
from formulaires.models import AppelClinicien
from journal.actes import consigner
from referentiels import lecture as referentiels
from socle import horloge
from socle.refus import Refus
from socle.verrous import verrouiller

ROLES = frozenset({Role.CHEF_EQUIPE, Role.ADMINISTRATEUR, Role.MEDECIN_CSEMS, Role.SPECIALISTE_CSEMS})


@transaction.atomic
def noter_appel(
    acteur: Compte,
    *,
    qui: Any = None,
    sujet: Any = None,
    reponse: Any = None,
    mal_compris: Any = None,
    cle: UUID | None = None,
) -> AppelClinicien:
    """Note un appel : qui (par rôle), le sujet daté, ce qui était mal compris, la réponse donnée.

    Refus : `acces_refuse`, `champ_manquant`, `champ_invalide`. La même soumission deux fois n'en fait qu'un.
    """
    if acteur.role not in ROLES or not acteur.is_active:
        raise Refus("acces_refuse")
    if cle is not None:
        verrouiller(f"appel:{cle}")  # un double clic : le second attend, puis lit le premier
    deja = AppelClinicien.objects.filter(cle=cle).first() if cle is not None else None
    if deja is not None:
        return deja
    jour = horloge.aujourd_hui()
    verifier.manquants(("qui", qui), ("sujet", sujet), ("reponse", reponse))
    note = AppelClinicien.objects.create(
        jour=jour,
        qui=verifier.parmi("qui", qui, AppelClinicien.Qui.values),
        sujet=verifier.parmi("sujet", sujet, verifier.codes_de(referentiels.sujets_appel(jour))),
        mal_compris=verifier.texte("mal_compris", mal_compris, requis=False, maximum=300),
        reponse=verifier.texte("reponse", reponse, maximum=600),
        note_par=acteur,
        note_le=horloge.maintenant(),
        cle=cle,
    )
    consigner("noter_appel_clinicien", acteur=acteur, details={"sujet": note.sujet, "qui": note.qui})
    return note
