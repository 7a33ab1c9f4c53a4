"""Demander un appel, ou une rencontre : la personne préfère parler; une tâche naît pour l'agent."""

from __future__ import annotations

from typing import Any

from dossiers import rencontres
from dossiers import verification as verifier
from dossiers.actes.rencontres import clore_taches, liberer
from dossiers.etats import Balle
from dossiers.models import Rencontre, Tache
from dossiers.porte import Contexte, acte
from socle.refus import Refus

Etat = Rencontre.Etat


@acte("demander_appel", "appel.demander")
def demander_appel(
    ctx: Contexte,
    *,
    texte: Any = None,
    mode: Any = None,
    avec: Any = None,
    accompagnant: Any = None,
    interprete: Any = None,
) -> Tache:
    """Note qu'un appel ou une rencontre est demandé, et quand joindre la personne; une seule demande vit à la fois.

    Sans rien d'autre que `texte`, un appel. Un rendez-vous confirmé tient : demander autre chose est
    `etat_interdit`, demander un appel de plus ne le défait pas.
    Source : `ecrans-et-lettres.md` 0.1, ligne 10, et B8.7.
    """
    note = verifier.texte("texte", texte, requis=False, maximum=300)
    souhait = _souhait(ctx, mode, accompagnant, interprete)
    avec_qui = verifier.parmi("avec", avec, Rencontre.Avec.values) if avec else str(Rencontre.Avec.AGENT)
    if avec_qui == Rencontre.Avec.CSEMS and not ctx.dossier.demandes.filter(transmise_le__isnull=False).exists():
        raise Refus(
            "champ_invalide", "Le centre d'évaluation n'a pas encore ce dossier. Demandez l'agent.", champ="avec"
        )
    _demander(ctx, avec_qui, note, souhait)
    clore_taches(ctx, Tache.Code.PREMIERE_RENCONTRE, Tache.Code.RENCONTRE_ANNULEE)
    return _tache(ctx, note)


def _souhait(ctx: Contexte, mode: Any, accompagnant: Any, interprete: Any) -> dict[str, str]:
    """Ce qui est demandé de plus qu'un appel; vide pour un appel."""
    lus = {
        "mode": verifier.parmi("mode", mode, Rencontre.Mode.values) if mode else "",
        "accompagnant": verifier.texte("accompagnant", accompagnant, requis=False, maximum=120),
        "interprete": verifier.texte("interprete", interprete, requis=False, maximum=60),
    }
    return {nom: valeur for nom, valeur in lus.items() if valeur}


def _demander(ctx: Contexte, avec: str, note: str, souhait: dict[str, str]) -> None:
    visee = rencontres.vivantes(ctx.dossier).filter(avec=avec).first()
    if visee is None:
        visee = Rencontre(dossier=ctx.dossier, demande=ctx.dossier.courante, avec=avec, nee_le=ctx.instant)
    elif visee.etat == Etat.CONFIRMEE:
        if souhait:
            raise Refus("etat_interdit", "Un rendez-vous est déjà confirmé. Annulez-le d'abord, ou appelez-nous.")
        return
    for nom, valeur in souhait.items():
        setattr(visee, nom, valeur)
    visee.precision = note or visee.precision
    visee.etat = Etat.DEMANDEE
    if visee.pk:
        liberer(visee)
    visee.save()
    ctx.details.update(avec=avec, mode=visee.mode)


def _tache(ctx: Contexte, note: str) -> Tache:
    tache, neuve = Tache.objects.get_or_create(
        dossier=ctx.dossier,
        code=Tache.Code.APPEL_DEMANDE,
        close_le=None,
        defaults={"pour": Balle.AGENT, "nee_le": ctx.instant, "demande": ctx.dossier.courante, "note": note},
    )
    if not neuve and note:
        tache.note = note
        tache.save(update_fields=["note"])
    return tache
