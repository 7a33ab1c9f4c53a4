"""Dire une date qui approche ou qui est passée, rappeler un document attendu : une seule fois chacun, sans lettre."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from comptes.models import Compte, Role
from correspondance.codes import signaler
from dossiers import etapes, silences
from dossiers import verification as verifier
from dossiers.actes.consentements import JOINDRE, consentement_vivant
from dossiers.models import Demande, DemandeRenseignement, Rappel, Relance, Tache
from dossiers.porte import Contexte, acte
from referentiels import lecture as referentiels
from socle import horloge
from socle.refus import Refus


def dire(ctx: Contexte, a_dire: Iterable[silences.ADire]) -> list[Rappel]:
    """Écrit les rappels qui ne le sont pas encore, et fait partir un signal sans donnée à chacun."""
    nes = []
    for une in a_dire:
        rappel, ne = Rappel.objects.get_or_create(
            pour=une.pour,
            genre=une.genre,
            objet=une.objet,
            defaults={"dossier": ctx.dossier, "jour": une.jour, "dit_le": ctx.instant},
        )
        if not ne:
            continue
        nes.append(rappel)
        a_elle = une.pour.pk == ctx.dossier.prestataire_id
        if not signaler(une.pour) and a_elle and une.genre == Rappel.Genre.RECOURS_PROCHE:
            _faire_appeler(ctx, rappel)
    return nes


def marquer_lus(rappels: QuerySet[Rappel]) -> None:
    """Rappels que la personne a vus : ils ne reviennent plus. Rien du dossier ne change, rien au journal."""
    rappels.update(lu_le=horloge.maintenant())


def _faire_appeler(ctx: Contexte, rappel: Rappel) -> None:
    """Un délai de recours ne se perd pas faute de courriel : l'agent appelle, avant la date."""
    demande = Demande.objects.filter(pk=int(rappel.objet.split(":")[1])).first()
    tache = etapes.creer_tache(ctx, Tache.Code.RECOURS_PROCHE, demande=demande)
    tache.avant_le = rappel.jour
    tache.save(update_fields=["avant_le"])


@acte("rappeler_dates", "systeme.jouer")
def rappeler_dates(ctx: Contexte) -> int:
    """Dit aux personnes concernées les dates qui approchent ou qui sont passées; rend combien de rappels naissent."""
    nes = dire(ctx, silences.a_dire(ctx.dossier))
    ctx.details["rappels"] = sorted({une.genre for une in nes})
    return len(nes)


@acte("relancer_renseignement", "renseignement.relancer")
def relancer_renseignement(ctx: Contexte, *, a: Any = None) -> list[Relance]:
    """Rappelle un document attendu par un signal sans donnée; jamais de lettre de plus, jamais de refus.

    Le système suit l'horaire daté (`relances_jours`) : plusieurs relances manquées n'en font qu'une. L'agent
    relance quand il veut, chaque demande une fois par jour. Après la dernière, un appel précède toute clôture.
    `etat_interdit` si rien n'est attendu.
    """
    attendus = DemandeRenseignement.objects.filter(demande__dossier=ctx.dossier, close_le__isnull=True)
    if ctx.acteur.role == Role.SYSTEME:
        attendus = attendus.filter(pk__in=silences.renseignements_a_relancer().values("pk"))
    elif not attendus.exists():
        raise Refus("etat_interdit", "Aucun document n'est attendu dans ce dossier.")
    if a is not None:
        verifier.exiger("a", a)
        attendus = attendus.filter(destinataire=a if isinstance(a, Compte) else None)
        if not attendus.exists():
            raise Refus("champ_invalide", champ="a")
    if ctx.acteur.role != Role.SYSTEME:
        attendus = attendus.exclude(relances__le__date=ctx.jour)
        if not attendus.exists():
            raise Refus("etat_interdit", "Une relance est déjà partie aujourd'hui. Un appel serait mieux.")
    return [_relancer(ctx, un) for un in attendus.select_related("destinataire", "demande").order_by("pk")]


def _relancer(ctx: Contexte, attendu: DemandeRenseignement) -> Relance:
    rang = silences.rang_du(attendu.demandee_le, ctx.jour) if ctx.acteur.role == Role.SYSTEME else None
    qui = attendu.destinataire
    joignable = qui.role != Role.CLINICIEN or consentement_vivant(ctx.dossier, JOINDRE)
    partie = joignable and signaler(qui)
    relance = Relance.objects.create(renseignement=attendu, rang=rang, le=ctx.instant, par=ctx.acteur, signalee=partie)
    if joignable:
        Rappel.objects.create(
            dossier=ctx.dossier,
            pour=qui,
            genre=Rappel.Genre.RENSEIGNEMENT,
            objet=f"renseignement:{attendu.pk}:{relance.pk}",
            jour=ctx.jour,
            dit_le=ctx.instant,
        )
    if not partie or rang == len(referentiels.regle("relances_jours", ctx.jour)):
        etapes.creer_tache(ctx, Tache.Code.APPELER_AVANT_CLORE, demande=attendu.demande)
    ctx.cible = attendu.demande
    return relance
