"""Les formulaires commencés : dire qu'ils seront effacés, puis les effacer, et garder où l'on s'est arrêté."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Exists, OuterRef, Q

from dossiers import silences
from dossiers.actes.demandes import noter_arret
from dossiers.actes.rappels import dire
from dossiers.etats import AVANT_DECISION
from dossiers.models import Arret, Dossier, Rappel
from dossiers.porte import Contexte, acte
from dossiers.requetes import DossierQuerySet
from formulaires.models import Brouillon
from socle import horloge


def a_effacer() -> DossierQuerySet:
    """Dossiers où un formulaire commencé est échu, ou le sera bientôt sans que ce soit dit.

    Un dossier fusionné ou d'une personne décédée compte aussi : rien ne s'y garde plus longtemps.
    """
    jour = horloge.aujourd_hui()
    proche = jour + timedelta(days=silences.jours("brouillon_rappel_jours"))
    dits = Rappel.objects.filter(
        dossier=OuterRef("demande__dossier"),
        pour=OuterRef("pour"),
        genre=Rappel.Genre.BROUILLON_PROCHE,
        jour=OuterRef("expire_le"),
    )
    vises = Brouillon.objects.filter(Q(expire_le__lt=jour) | Q(expire_le__lte=proche) & ~Exists(dits))
    dossiers: DossierQuerySet = Dossier.objects.filter(pk__in=vises.order_by().values("demande__dossier"))
    return dossiers


@acte("effacer_brouillons", "systeme.jouer")
def effacer_brouillons(ctx: Contexte) -> int:
    """Dit ce qui sera effacé, efface ce qui est échu; rend combien sont effacés. Rien d'envoyé n'est touché."""
    proche = ctx.jour + timedelta(days=silences.jours("brouillon_rappel_jours"))
    siens = Brouillon.objects.filter(demande__dossier=ctx.dossier, expire_le__lte=proche)
    effaces = 0
    for brouillon in siens.select_related("demande", "pour").order_by("pk"):
        echu = brouillon.est_expire(ctx.jour)
        genre = Rappel.Genre.BROUILLON_ECHU if echu else Rappel.Genre.BROUILLON_PROCHE
        objet = f"brouillon:{brouillon.pk}:{brouillon.expire_le}"
        if ctx.dossier.deces_le is None:
            dire(ctx, [silences.ADire(brouillon.pour, genre, objet, brouillon.expire_le)])
        if not echu:
            continue
        if brouillon.demande.etat in AVANT_DECISION:
            noter_arret(brouillon.demande, Arret.Motif.BROUILLON, brouillon.formulaire)
        brouillon.delete()
        effaces += 1
    ctx.details["effaces"] = effaces
    return effaces
