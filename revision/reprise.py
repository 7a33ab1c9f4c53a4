"""La prestation réduite de plus de la moitié, rétablie si la révision tarde; l'intérêt, si elle renverse la décision.

Des dates et des tâches, jamais un montant : le calcul reste à l'aide financière.
Source : Loi sur l'aide aux personnes et aux familles, art. 114 et 119; règlement r. 1, art. 31.
"""

from __future__ import annotations

from datetime import date, datetime

from correspondance.models import Lettre
from decisions.models import Decision
from dossiers.etats import Balle
from dossiers.models import Demande, Tache
from dossiers.porte import Contexte
from referentiels import lecture as referentiels
from referentiels import regles as calendrier
from revision import regles
from revision.models import Revision
from socle import horloge
from socle.dates_en_mots import date_longue


def echeance(revision: Revision) -> calendrier.Echeance | None:
    """Dernier jour pour rendre la révision sans rétablir la prestation (art. 114); None si rien n'a été réduit."""
    if not revision.prestation_reduite or revision.recevable is False:
        return None
    jours = int(referentiels.regle("reprise_prestation_jours_ouvrables", revision.recue_le))
    return regles.reprise(revision.recue_le, jours, referentiels.feries(revision.recue_le))


def constater(ctx: Contexte, revision: Revision) -> None:
    """Le lendemain du dernier jour, une tâche d'agent naît, une seule fois par révision, close ou non."""
    due = echeance(revision)
    if due is None or ctx.jour <= due.date:
        return
    taches = Tache.objects.filter(
        demande=revision.demande, code=Tache.Code.REPRISE_PRESTATION, nee_le__gte=revision.consignee_le
    )
    if not taches.exists():
        Tache.objects.create(
            dossier=ctx.dossier,
            demande=revision.demande,
            code=Tache.Code.REPRISE_PRESTATION,
            pour=Balle.AGENT,
            nee_le=ctx.instant,
            avant_le=ctx.jour,
            note=due.calcul[:300],
        )


def verifier_l_interet(revision: Revision, lettre: Lettre) -> None:
    """À l'émission d'une révision qui renverse la décision, une tâche d'agent : l'intérêt dû depuis elle (art. 119)."""
    if regles.interet_a_verifier(revision.issue, revision.decision.issue):
        jour, instant = lettre.jour_emission or horloge.aujourd_hui(), lettre.emise_le or horloge.maintenant()
        poser_l_interet(revision.decision, jour, instant)


def poser_l_interet(decision: Decision, jour: date, instant: datetime) -> None:
    """La tâche d'agent « vérifier l'intérêt » d'une décision renversée; une seule à la fois par demande.

    `jour` : celui où elle naît, d'où se compte `interets_verification_jours_ouvrables`.
    """
    Tache.objects.get_or_create(
        dossier_id=decision.demande.dossier_id,
        demande=decision.demande,
        code=Tache.Code.INTERETS_REVISION,
        close_le=None,
        defaults={
            "pour": Balle.AGENT,
            "nee_le": instant,
            "avant_le": _verifier_avant(jour),
            "note": _depuis(decision),
        },
    )


def clore_l_interet(ctx: Contexte, demande: Demande) -> None:
    """L'intérêt est vérifié : la tâche qui le demandait est faite."""
    vivantes = Tache.objects.filter(demande=demande, code=Tache.Code.INTERETS_REVISION, close_le__isnull=True)
    vivantes.update(close_le=ctx.instant, close_par=ctx.acteur)


def _verifier_avant(le: date) -> date:
    jours = int(referentiels.regle("interets_verification_jours_ouvrables", le))
    return calendrier.ajouter_jours_ouvrables(le, jours, referentiels.feries(le))


def _depuis(decision: Decision) -> str:
    """Le jour d'où l'intérêt se compte : celui de la décision renversée."""
    depuis = decision.demande.decision_emise_le
    if depuis is None and decision.scellee_le is not None:
        depuis = horloge.jour_civil(decision.scellee_le)
    return f"Décision renversée : celle du {date_longue(depuis)}." if depuis is not None else ""
