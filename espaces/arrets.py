"""Où les personnes s'arrêtent, aidées ou non : des nombres, jamais un nom; une cellule trop petite est tue."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count

from comptes.models import Compte
from dossiers.etats import STATUT_PUBLIC, Etat
from dossiers.models import Arret, Dossier
from formulaires.models import Brouillon
from referentiels import lecture as referentiels
from referentiels.regles import plus_mois

FENETRE_MOIS = 12


@dataclass(frozen=True)
class LigneArret:
    """Une étape : ce qui s'est arrêté là, avec et sans aide; None quand le nombre est tu."""

    motif: str
    etape: str
    aidees: int | None
    seules: int | None


def _etape(code: str) -> str:
    if code in Brouillon.Formulaire.values:
        return Brouillon.Formulaire(code).label
    return f"« {STATUT_PUBLIC[code]} »" if code in Etat.values else "Autre étape"


def cellule_min(jour: date) -> int:
    """Sous ce nombre, une cellule est tue."""
    return int(referentiels.regle("indicateurs_cellule_min", jour))


def lignes(chef: Compte, jour: date) -> list[LigneArret]:
    """Arrêts des douze derniers mois dans les dossiers que le chef d'équipe voit, par motif et par étape."""
    seuil = cellule_min(jour)
    vus = Dossier.objects.visibles_par(chef).values("pk")
    comptes = (
        Arret.objects.filter(demande__dossier__in=vus, le__gt=plus_mois(jour, -FENETRE_MOIS), le__lte=jour)
        .order_by()
        .values_list("motif", "etape", "aidee")
        .annotate(nombre=Count("pk"))
    )
    par_ligne: dict[tuple[str, str], dict[bool, int]] = {}
    for motif, etape, aidee, nombre in comptes:
        par_ligne.setdefault((motif, etape), {})[aidee] = nombre

    def dit(nombre: int) -> int | None:
        return nombre if nombre == 0 or nombre >= seuil else None

    return [
        LigneArret(Arret.Motif(motif).label, _etape(etape), dit(nombres.get(True, 0)), dit(nombres.get(False, 0)))
        for (motif, etape), nombres in sorted(par_ligne.items())
    ]
