"""Garder et retirer un filtre de file. Ce n'est pas l'acte d'un dossier : il n'a que son auteur."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from comptes.models import Compte
from dossiers.models import FILTRES_MAX, FiltreEnregistre
from journal.actes import consigner
from socle import horloge
from socle.refus import Refus
from socle.verrous import verrouiller

CRITERES = ("file", "alerte", "etat", "retard", "collegue")
NOM_MAX = 60


@transaction.atomic
def garder_filtre(compte: Compte, *, nom: str, criteres: Mapping[str, str]) -> FiltreEnregistre:
    """Garde un filtre sous ce nom; le même nom remplace l'ancien.

    `champ_manquant` sans nom; `champ_invalide` si le nom est trop long, un critère inconnu, ou s'il y en a déjà vingt.
    """
    verrouiller(f"filtres:{compte.pk}")
    propre = " ".join(nom.split())
    if not propre:
        raise Refus("champ_manquant", "Donnez un nom à ce filtre.", champ="nom")
    if len(propre) > NOM_MAX or not criteres or set(criteres) - set(CRITERES):
        raise Refus("champ_invalide", champ="nom")
    siens = FiltreEnregistre.objects.filter(compte=compte)
    if siens.exclude(nom=propre).count() >= FILTRES_MAX:
        raise Refus("champ_invalide", f"Vous gardez déjà {FILTRES_MAX} filtres. Retirez-en un d'abord.", champ="nom")
    garde, _ = siens.update_or_create(
        compte=compte, nom=propre, defaults={"criteres": dict(criteres), "cree_le": horloge.maintenant()}
    )
    consigner("garder_filtre", acteur=compte, details={"filtre": garde.pk})
    return garde


@transaction.atomic
def retirer_filtre(compte: Compte, numero: int) -> None:
    """Retire un de ses filtres; `champ_invalide` s'il n'est pas à soi."""
    if not FiltreEnregistre.objects.filter(compte=compte, pk=numero).delete()[0]:
        raise Refus("champ_invalide", "Ce filtre n'existe plus.", champ="filtre")
    consigner("retirer_filtre", acteur=compte, details={"filtre": numero})
