"""Prendre plus de temps pour répondre, d'un geste : une date recule, rien d'autre ne change.

Aucune lettre, aucun état nouveau : ce qui est demandé le reste. Une date ne va que vers l'avant.
Source : `ecrans-et-lettres.md` B1 et B8 (« Plus de temps »).
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from comptes.models import PAR_MANDAT, Compte, Role
from dossiers.etats import AVANT_DECISION, Etat
from dossiers.models import DemandeRenseignement, Occasion
from dossiers.porte import Contexte, acte
from referentiels import lecture as referentiels
from socle import horloge
from socle.refus import Refus

TROP_DE_FOIS = "Du temps a déjà été pris {fois} fois. Appelez-nous : nous trouverons une solution ensemble."


def _vises(ctx: Contexte) -> list[Compte] | None:
    """Pour qui l'acteur peut prendre du temps; None : pour tous (l'agent, qui l'accorde au téléphone)."""
    if ctx.acteur.role == Role.AGENT:
        return None
    if ctx.acteur.role in PAR_MANDAT:
        return [ctx.acteur, ctx.dossier.prestataire]
    return [ctx.acteur]


def _attendus(ctx: Contexte, vises: list[Compte] | None) -> list[DemandeRenseignement | Occasion]:
    demandes = DemandeRenseignement.objects.filter(demande__dossier=ctx.dossier, close_le__isnull=True)
    occasions = Occasion.objects.none()
    if vises is None or ctx.dossier.prestataire in vises:
        occasions = Occasion.objects.filter(
            demande=ctx.courante, demande__etat__in=AVANT_DECISION, repondue_le__isnull=True
        )
    if vises is not None:
        demandes = demandes.filter(destinataire__in=vises)
    return [*demandes.select_related("demande").order_by("pk"), *occasions.order_by("pk")]


def reponse_visee(attendue: DemandeRenseignement) -> date:
    """Le jour où la réponse est attendue : celui qu'on a pris, sinon celui que vise la règle datée."""
    if attendue.prolonge_au is not None:
        return attendue.prolonge_au
    jour = horloge.jour_civil(attendue.demandee_le)
    return jour + timedelta(days=int(referentiels.regle("promesses_jours", jour).get(Etat.A_COMPLETER, 0)))


@acte("prendre_plus_de_temps", "renseignement.repondre")
def prendre_plus_de_temps(ctx: Contexte, *, a: Any = None) -> date:
    """Recule de `plus_de_temps_jours` ce qui attend une réponse de l'acteur; rend la nouvelle date.

    L'agent l'accorde à tous, ou à `a`. Au plus `plus_de_temps_max` fois par demande : au-delà, `etat_interdit`.
    Rien d'attendu : `etat_interdit`. Une occasion échue se rouvre tant que la décision n'est pas signée.
    """
    vises = _vises(ctx)
    attendus = _attendus(ctx, vises)
    if not attendus:
        raise Refus("etat_interdit", "Aucune réponse n'est attendue en ce moment. Il n'y a pas de date à reculer.")
    if a is not None:
        if vises is not None or not isinstance(a, Compte):
            raise Refus("champ_invalide", champ="a")
        attendus = [un for un in attendus if isinstance(un, DemandeRenseignement) and un.destinataire_id == a.pk]
        if not attendus:
            raise Refus("champ_invalide", champ="a")
    fois = int(referentiels.regle("plus_de_temps_max", ctx.jour))
    prolongeables = [un for un in attendus if un.prolongations < fois]
    if not prolongeables:
        raise Refus("etat_interdit", TROP_DE_FOIS.format(fois=fois))
    jours = timedelta(days=int(referentiels.regle("plus_de_temps_jours", ctx.jour)))
    nouvelle = max(_reculer(un, ctx.jour, jours) for un in prolongeables)
    ctx.details["jusqu_au"] = nouvelle.isoformat()
    return nouvelle


def _reculer(attendu: DemandeRenseignement | Occasion, jour: date, jours: timedelta) -> date:
    attendu.prolongations += 1
    if isinstance(attendu, Occasion):
        attendu.jusqu_au = max(attendu.jusqu_au, jour) + jours
        attendu.save(update_fields=["jusqu_au", "prolongations"])
        return attendu.jusqu_au
    attendu.prolonge_au = max(reponse_visee(attendu), jour) + jours
    attendu.save(update_fields=["prolonge_au", "prolongations"])
    return attendu.prolonge_au
