"""Brouillons : gardés à chaque « Continuer », jamais perdus, jamais écrasés en silence."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction

from comptes.models import Compte
from dossiers.models import Demande
from formulaires import lecture, regles
from formulaires.models import Brouillon
from socle import horloge


def effacer_brouillon(brouillon: Brouillon) -> None:
    """Efface un brouillon que son auteur abandonne; rien n'était versé."""
    brouillon.delete()


class ConflitBrouillon(Exception):
    """Le brouillon a changé depuis sa lecture; il porte la version gardée, pour montrer les deux textes."""

    def __init__(self, garde: Any) -> None:
        super().__init__(str(garde))
        self.garde = garde


@transaction.atomic
def garder_brouillon(
    demande: Demande,
    formulaire: str,
    *,
    pour: Compte,
    par: Compte,
    contenu: dict[str, Any],
    version_lue: int | None = None,
) -> Brouillon:
    """Garde le brouillon et repousse son expiration; lève `ConflitBrouillon` si une autre version l'a précédé."""
    jours = lecture.jours_de_garde()
    brouillon, _ = Brouillon.objects.select_for_update(of=("self",)).get_or_create(
        demande=demande,
        formulaire=formulaire,
        pour=pour,
        defaults={"modifie_par": par, "expire_le": horloge.aujourd_hui() + timedelta(days=jours)},
    )
    if version_lue is not None and version_lue != brouillon.version:
        raise ConflitBrouillon(brouillon)
    brouillon.contenu_json = regles.canonique(contenu)
    brouillon.version += 1
    brouillon.modifie_par = par
    brouillon.modifie_le = horloge.maintenant()
    brouillon.expire_le = horloge.aujourd_hui() + timedelta(days=jours)
    brouillon.save()
    return brouillon
