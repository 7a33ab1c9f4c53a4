"""Les alertes des jours 20 et 75 d'une révision : posées une fois au jour dit, baissées quand le délai redémarre.

Source : choix de conception (`alerte_revision_premiere_jours`, `alerte_revision_seconde_jours`); manuel, sujet 43378.
"""

from __future__ import annotations

from dossiers.models import Alerte
from dossiers.porte import Contexte
from referentiels import lecture as referentiels
from revision import lecture
from revision.models import Revision
from socle import horloge

CODES = (
    (Alerte.Code.JOUR_20, "alerte_revision_premiere_jours"),
    (Alerte.Code.JOUR_75, "alerte_revision_seconde_jours"),
)


def tenir(ctx: Contexte, revision: Revision) -> None:
    """Accorde les deux alertes au jour où en est la révision.

    Le jour atteint, l'alerte est posée; celle que quelqu'un a close ne revient pas. Le délai redémarré, elle se
    baisse, et pourra revenir au nouveau jour 20 ou 75 : ce qui compte est ce qui s'est passé depuis le départ.
    """
    depart = lecture.depart(revision).jour
    ecoules = (ctx.jour - depart).days
    depuis = max(revision.consignee_le, horloge.heure_locale(depart, 0, 0))
    for code, regle in CODES:
        if ecoules < int(referentiels.regle(regle, ctx.jour)):
            Alerte.objects.filter(dossier=ctx.dossier, code=code, close_le__isnull=True).update(close_le=ctx.instant)
        elif not Alerte.objects.filter(dossier=ctx.dossier, code=code, levee_le__gte=depuis).exists():
            Alerte.objects.get_or_create(
                dossier=ctx.dossier, code=code, close_le=None, defaults={"levee_le": ctx.instant}
            )
