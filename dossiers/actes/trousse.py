"""Imprimer la trousse pour une clinique : ce qui y est entré, en quelle langue, et l'accord de la personne."""

from __future__ import annotations

from typing import Any

from comptes.models import Role
from dossiers import verification as verifier
from dossiers.porte import Contexte, acte
from referentiels import lecture as referentiels

LANGUES = ("fr", "en")
# Ce que la personne a dit (SR-2105), puis ce que dit son dernier rapport médical.
DE_LA_PERSONNE = ("suivis", "hospitalisations", "situation", "emplois", "scolarite")
DU_RAPPORT = ("diagnostics", "traitements")


@acte("imprimer_trousse", "clinicien.inviter")
def imprimer_trousse(ctx: Contexte, *, parties: Any = None, langue: Any = None, accord: Any = None) -> None:
    """Consigne une trousse imprimée. L'accord de la personne est exigé de qui l'imprime pour elle.

    Refus : `etat_interdit` sans demande, `champ_manquant`, `champ_invalide`. Aucun texte n'entre au journal.
    """
    ctx.cible = ctx.courante
    verifier.exiger("langue", langue)
    if ctx.acteur.role != Role.PRESTATAIRE:
        verifier.exiger("accord", accord is True or None)
        ctx.details["accord"] = True
    ctx.details["langue"] = verifier.parmi("langue", langue, LANGUES)
    ctx.details["parties"] = verifier.codes("parties", parties or None, {*DE_LA_PERSONNE, *DU_RAPPORT}, requis=False)


@acte("ecrire_a_la_clinique", "clinicien.inviter")
def ecrire_a_la_clinique(ctx: Contexte, *, gabarit: Any = None, langue: Any = None) -> None:
    """Consigne une lettre à une clinique, imprimée d'une lettre type; son texte n'entre ni au journal ni au dossier."""
    ctx.cible = ctx.courante
    verifier.manquants(("gabarit", gabarit), ("langue", langue))
    connus = verifier.codes_de(referentiels.gabarits_clinicien(ctx.jour))
    ctx.details["gabarit"] = verifier.parmi("gabarit", gabarit, connus)
    ctx.details["langue"] = verifier.parmi("langue", langue, LANGUES)
