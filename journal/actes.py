"""Écritures au journal : la seule porte d'ajout, et le scellement."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from journal.models import Entree, LigneScellee, Sceau
from socle import horloge

VERROU_SCELLEMENT = 7_210_501
LOT_SCELLEMENT = 5_000


def consigner(
    acte: str,
    *,
    acteur: Any = None,
    dossier: Any = None,
    nature: str = Entree.Nature.ACTE,
    code_refus: str = "",
    details: dict[str, Any] | None = None,
    cle: UUID | None = None,
    demande_id: int | None = None,
    etat: str = "",
) -> Entree:
    """Ajoute une ligne. `details` ne porte ni diagnostic, ni texte clinique, ni identifiant personnel."""
    entree = _ligne(
        acte, details or {}, acteur=acteur, dossier=dossier, nature=nature, code_refus=code_refus, cle=cle,
        demande_id=demande_id, etat=etat,
    )  # fmt: skip
    entree.save(force_insert=True)
    return entree


def consigner_plusieurs(acte: str, lignes: Iterable[dict[str, Any]], **commun: Any) -> None:
    """Ajoute en une écriture une ligne par `details` donné; `commun` vaut pour toutes (voir `consigner`)."""
    Entree.objects.bulk_create([_ligne(acte, details, **commun) for details in lignes])


def _ligne(acte: str, details: dict[str, Any], *, acteur: Any = None, **champs: Any) -> Entree:
    return Entree(
        instant=horloge.maintenant(),
        acte=acte,
        acteur=acteur,
        role=getattr(acteur, "role", "") or "",
        details=details,
        **champs,
    )


def empreinte_ligne(entree: Entree) -> str:
    """Forme canonique d'une ligne, celle que le sceau protège."""
    return json.dumps(
        [
            entree.pk,
            entree.instant.isoformat(),
            entree.nature,
            entree.acte,
            entree.acteur_id,
            entree.role,
            entree.dossier_id,
            entree.demande_id,
            entree.etat,
            entree.code_refus,
            entree.details,
        ],
        ensure_ascii=False,
        sort_keys=True,
    )


def condenser(precedente: str, lignes: list[Entree]) -> str:
    """SHA-256 du maillon précédent et des lignes, dans l'ordre de leur numéro."""
    condensat = hashlib.sha256(precedente.encode())
    for ligne in lignes:
        condensat.update(empreinte_ligne(ligne).encode())
        condensat.update(b"\n")
    return condensat.hexdigest()


@transaction.atomic
def sceller() -> Sceau | None:
    """Scelle les lignes validées qui ne le sont pas encore; une seule exécution à la fois.

    Un verrou consultatif évite deux chaînes; une ligne validée en retard entre au maillon suivant.
    Source : `conception.md` §5 (une chaîne en ligne sérialiserait les écrivains).
    """
    with connection.cursor() as curseur:
        curseur.execute("SELECT pg_try_advisory_xact_lock(%s)", [VERROU_SCELLEMENT])
        ligne = curseur.fetchone()
    if not ligne or not ligne[0]:
        return None
    dernier = Sceau.objects.order_by("-pk").first()
    attente = Entree.objects.filter(scellee__isnull=True)
    if dernier is not None:
        # Une transaction ne dure jamais un jour : plus loin en arrière, tout est scellé ou chargé hors scellement.
        attente = attente.filter(instant__gte=dernier.scelle_le - timedelta(days=1))
    lignes = list(attente.order_by("pk")[:LOT_SCELLEMENT])
    if not lignes:
        return None
    precedente = dernier.empreinte if dernier else ""
    sceau = Sceau.objects.create(
        scelle_le=horloge.maintenant(),
        premiere=lignes[0].pk,
        derniere=lignes[-1].pk,
        nombre=len(lignes),
        empreinte=condenser(precedente, lignes),
        precedente=precedente,
    )
    LigneScellee.objects.bulk_create(LigneScellee(entree=entree, sceau=sceau) for entree in lignes)
    return sceau


def verifier_chaine() -> list[int]:
    """Numéros des sceaux dont l'empreinte ou le lien ne concorde plus; liste vide si tout est intact."""
    fautifs: list[int] = []
    precedente = ""
    for sceau in Sceau.objects.order_by("pk").iterator():
        lignes = list(Entree.objects.filter(scellee__sceau=sceau).order_by("pk"))
        if sceau.precedente != precedente or condenser(precedente, lignes) != sceau.empreinte:
            fautifs.append(sceau.pk)
        precedente = sceau.empreinte
    return fautifs
