"""Le cahier pour le Tribunal : demandé par un réviseur, fabriqué par une tâche, inscrit quand il est prêt.

La fabrication elle-même est dans `revision.cahier`; elle ne tient ni le dossier ni une transaction.
"""

from __future__ import annotations

import json
import logging
from datetime import timedelta
from typing import Any

from celery import current_app
from django.db import transaction
from django.db.models import F, Q

from dossiers import verification as verifier
from dossiers.porte import Contexte, acte
from revision.models import CahierTAQ, RecoursTAQ
from socle import horloge
from socle.refus import Refus

journal_technique = logging.getLogger(__name__)
# Plus long que toute fabrication : au-delà, son travailleur est mort.
TENUE = timedelta(minutes=6)
ESSAIS_MAX = 3
RAISON_MAX = 200


@acte("produire_cahier", "cahier.produire")
def produire_cahier(ctx: Contexte) -> CahierTAQ:
    """Demande un cahier neuf pour le dernier recours de ce dossier; une tâche le fabrique.

    `etat_interdit` : aucun recours au Tribunal, ou un cahier est déjà en fabrication.
    """
    ctx.cible = ctx.courante
    recours = RecoursTAQ.objects.filter(demande__dossier=ctx.dossier).select_related("demande").order_by("-pk").first()
    if recours is None:
        raise Refus("etat_interdit", "Aucun recours au Tribunal n'est consigné : il n'y a pas de cahier à produire.")
    if recours.cahiers.filter(etat=CahierTAQ.Etat.EN_COURS).exists():
        raise Refus("etat_interdit", "Un cahier est déjà en fabrication. Attendez qu'il soit prêt.")
    cahier = CahierTAQ.objects.create(recours=recours, par=ctx.acteur, demande_le=ctx.instant)
    ctx.cible = recours.demande
    ctx.details["cahier"] = cahier.pk
    transaction.on_commit(lambda: reveiller_fabrication(cahier.pk), robust=True)
    return cahier


def reveiller_fabrication(cahier: int) -> None:
    """Demande la fabrication tout de suite; un courtier en panne ne change rien, le passage suivant la fera."""
    try:
        current_app.send_task("revision.fabriquer_cahier", args=[cahier], retry=False, ignore_result=True)
    except Exception as erreur:  # noqa: BLE001 - aucune panne du courtier ne doit remonter à l'acte
        journal_technique.warning("cahier %s non annoncé : %s", cahier, type(erreur).__name__)


@acte("terminer_cahier", "systeme.jouer")
def terminer_cahier(
    ctx: Contexte,
    *,
    cahier: Any = None,
    fichier: Any = None,
    pages: Any = None,
    taille: Any = None,
    sha256: Any = None,
    manifeste: Any = None,
    raison: Any = None,
) -> CahierTAQ:
    """Inscrit ce que la fabrication a donné : le fichier gardé et ses empreintes, ou la `raison` de l'échec."""
    ctx.cible = ctx.courante
    attendus = CahierTAQ.objects.filter(recours__demande__dossier=ctx.dossier, etat=CahierTAQ.Etat.EN_COURS)
    vise = attendus.filter(pk=cahier).select_related("recours__demande").first() if isinstance(cahier, int) else None
    if vise is None:
        raise Refus("etat_interdit")
    if raison:
        vise.etat, vise.raison_echec = CahierTAQ.Etat.ECHEC, str(raison)[:RAISON_MAX]
    else:
        verifier.manquants(("fichier", fichier), ("sha256", sha256), ("manifeste", manifeste))
        vise.etat, vise.fichier, vise.sha256 = CahierTAQ.Etat.PRET, str(fichier), str(sha256)
        vise.pages = verifier.entier("pages", pages, maximum=1_000_000)
        vise.taille = verifier.entier("taille", taille, maximum=2**40)
        vise.manifeste_json = json.dumps(manifeste, ensure_ascii=False, sort_keys=True)
    vise.fini_le, vise.reprise_le = ctx.instant, None
    vise.save()
    ctx.cible = vise.recours.demande
    ctx.details |= {"cahier": vise.pk, "etat": str(vise.etat)}
    return vise


def tenir_fabrication(cahier: int) -> bool:
    """Retient un cahier à fabriquer pour `TENUE`; faux si un autre travailleur le tient, ou s'il est fini."""
    instant = horloge.maintenant()
    libres = CahierTAQ.objects.filter(Q(reprise_le__isnull=True) | Q(reprise_le__lte=instant), pk=cahier)
    tenus = libres.filter(etat=CahierTAQ.Etat.EN_COURS)
    return bool(tenus.update(essais=F("essais") + 1, reprise_le=instant + TENUE))


def avancer(cahier: int, faits: int, total: int) -> None:
    """Dit où en est la fabrication; la page le montre."""
    CahierTAQ.objects.filter(pk=cahier, etat=CahierTAQ.Etat.EN_COURS).update(faits=faits, total=total)
