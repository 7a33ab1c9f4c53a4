"""Nommer, révoquer et trouver une délégation pour publier une règle.

Seul un administrateur publie de plein droit. Absent, il nomme une autre personne; elle publie en son nom, jamais
une proposition d'elle-même ni du titulaire, et ne délègue pas à son tour. Source : `conception.md` §4.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction

from journal.actes import consigner
from socle import horloge
from socle.refus import Refus

from . import lecture
from .models import Delegation

# Nommés ici : la couche des comptes est au-dessus de celle-ci.
DE_PLEIN_DROIT = frozenset({"administrateur"})
DELEGABLES = frozenset({"administrateur", "chef_equipe"})


def de_plein_droit(personne: Any) -> bool:
    """Vrai si cette personne publie sans délégation."""
    return bool(personne.is_active) and getattr(personne, "role", "") in DE_PLEIN_DROIT


def delegation_de(delegue: Any, le: dt.date, *, sauf_titulaire: int | None = None) -> Delegation | None:
    """La délégation vivante de cette personne ce jour-là, d'un titulaire toujours en droit; `None` sinon.

    `sauf_titulaire` : l'auteur d'une proposition, qui ne peut pas la faire publier en son propre nom.
    """
    vivantes = Delegation.objects.vivantes(le).filter(delegue=delegue).select_related("titulaire")
    permises = (une for une in vivantes if de_plein_droit(une.titulaire) and une.titulaire_id != sauf_titulaire)
    return next(permises, None)


def peut_trancher(personne: Any, le: dt.date) -> bool:
    """Vrai si cette personne peut publier ou rejeter, de plein droit ou par délégation."""
    return de_plein_droit(personne) or delegation_de(personne, le) is not None


@transaction.atomic
def nommer(titulaire: Any, delegue: Any, *, du: dt.date, au: dt.date, motif: str, nommee_par: Any) -> Delegation:
    """Nomme qui publie à la place du titulaire, du jour `du` au jour `au`.

    Lève `Refus` : `acces_refuse` (qui nomme n'est pas administrateur), `conflit_interet` (soi-même),
    `champ_manquant`, `champ_invalide` (titulaire, délégué ou période).
    """
    if not de_plein_droit(nommee_par):
        raise Refus("acces_refuse")
    if titulaire.pk == delegue.pk:
        raise Refus("conflit_interet", "On ne se délègue pas à soi-même.", "delegue")
    if not de_plein_droit(titulaire):
        raise Refus("champ_invalide", "Cette personne ne publie pas de plein droit.", "titulaire")
    if not delegue.is_active or getattr(delegue, "role", "") not in DELEGABLES:
        raise Refus("champ_invalide", "Choisissez un administrateur ou un chef d'équipe.", "delegue")
    if not motif.strip():
        raise Refus("champ_manquant", "Dites pourquoi, par exemple « vacances ».", "motif")
    _verifier_periode(du, au)
    nommee = Delegation.objects.create(
        titulaire=titulaire,
        delegue=delegue,
        du=du,
        au=au,
        motif=motif.strip(),
        nommee_par=nommee_par,
        nommee_le=horloge.maintenant(),
    )
    consigner("nommer_delegue", acteur=nommee_par, details={"delegation": nommee.pk})
    return nommee


def _verifier_periode(du: dt.date, au: dt.date) -> None:
    """Ni passée, ni à l'envers, ni plus longue que `delegation_max_jours`."""
    jour = horloge.aujourd_hui()
    if du < jour:
        raise Refus("champ_invalide", "Une délégation ne commence pas dans le passé.", "du")
    if au < du:
        raise Refus("champ_invalide", "La fin précède le début.", "au")
    longueur = int(lecture.regle("delegation_max_jours", jour))
    if (au - du).days >= longueur:
        raise Refus("champ_invalide", f"Une délégation dure {longueur} jours au plus.", "au")


@transaction.atomic
def revoquer(delegation: Delegation, par: Any) -> None:
    """Met fin à une délégation. Lève `Refus` : `acces_refuse`, ou `etat_interdit` si elle est déjà révoquée."""
    if not de_plein_droit(par):
        raise Refus("acces_refuse")
    visee = Delegation.objects.select_for_update(of=("self",)).get(pk=delegation.pk)
    if visee.revoquee_le is not None:
        raise Refus("etat_interdit", "Cette délégation est déjà révoquée.")
    visee.revoquee_le = horloge.maintenant()
    visee.save(update_fields=["revoquee_le"])
    consigner("revoquer_delegue", acteur=par, details={"delegation": visee.pk})


def exiger_pouvoir(personne: Any, auteur_id: int | None) -> Delegation | None:
    """La délégation qui permet à cette personne de trancher; `None` de plein droit.

    Lève `Refus` `acces_refuse` sans délégation, `conflit_interet` si elle ne vient que de l'auteur.
    """
    if de_plein_droit(personne):
        return None
    jour = horloge.aujourd_hui()
    trouvee = delegation_de(personne, jour, sauf_titulaire=auteur_id)
    if trouvee is not None:
        return trouvee
    if delegation_de(personne, jour) is not None:
        raise Refus("conflit_interet", "Vous remplacez la personne qui propose : une autre doit trancher.")
    raise Refus("acces_refuse", "Seul un administrateur, ou la personne qu'il a nommée, tranche une proposition.")
