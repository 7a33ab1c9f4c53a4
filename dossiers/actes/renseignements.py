"""Demander un renseignement et le clore; la réponse, qui peut faire un nouveau rapport, est dans `formulaires`."""

from __future__ import annotations

from typing import Any

from comptes.models import PAR_MANDAT, Compte, Role
from correspondance.actes import preparer_lettre
from dossiers import etapes, lettres
from dossiers import verification as verifier
from dossiers.actes.consentements import JOINDRE, exiger_consentement
from dossiers.etats import SUSPENDABLES, Etat
from dossiers.models import Demande, DemandeRenseignement
from dossiers.porte import Contexte, acte
from referentiels import lecture as referentiels
from socle.refus import Refus

DESTINATAIRES = frozenset({Role.PRESTATAIRE, Role.CLINICIEN}) | PAR_MANDAT


def _demande_visee(ctx: Contexte) -> Demande:
    """Les réviseurs parlent de la demande en révision; les autres, de la demande courante."""
    if ctx.acteur.role in (Role.MEDECIN_DRRA, Role.SPECIALISTE_DRRA):
        visee = ctx.dossier.demandes.filter(etat__in=(Etat.EN_REVISION, Etat.DEVANT_TAQ)).order_by("-rang").first()
        if visee is None:
            raise Refus("etat_interdit")
        return visee
    return ctx.courante


@acte("demander_renseignement", "renseignement.demander")
def demander_renseignement(ctx: Contexte, *, elements: Any = None, a: Any = None) -> DemandeRenseignement:
    """Demande un ou des éléments manquants à la personne qui peut les donner; le dossier attend.

    Demandé à un clinicien, c'est une tâche au portail, et la personne reçoit la lettre pour information.
    """
    if isinstance(a, Compte) and a.role == Role.CLINICIEN:
        exiger_consentement(ctx.dossier, JOINDRE)
    demande = _demande_visee(ctx)
    etapes.exiger_etat(demande, (*SUSPENDABLES, Etat.A_COMPLETER, Etat.EN_REVISION))
    verifier.manquants(("elements", elements), ("a", a))
    connus = verifier.codes("elements", elements, verifier.codes_de(referentiels.elements(ctx.jour)))
    if not isinstance(a, Compte) or a.role not in DESTINATAIRES or not etapes.est_lie(ctx.dossier, a):
        raise Refus("champ_invalide", champ="a")
    faite = DemandeRenseignement.objects.create(
        demande=demande,
        demandeur=ctx.acteur,
        destinataire=a,
        elements=connus,
        demandee_le=ctx.instant,
        apres_transmission=demande.transmise_le is not None,
    )
    if demande.etat in SUSPENDABLES:
        etapes.changer(ctx, demande, "suspendre")
    ctx.cible = demande
    ctx.details["elements"] = connus
    preparer_lettre(
        "demande_renseignement",
        dossier=ctx.dossier,
        demande=demande,
        destinataire=ctx.dossier.prestataire if a.role == Role.CLINICIEN else a,
        cause=faite,
        contenu=lettres.contenu_demande_renseignement(faite),
    )
    return faite


@acte("clore_renseignement", "renseignement.clore")
def clore_renseignement(ctx: Contexte, *, appel_note: Any = None, a: Any = None) -> None:
    """Clôt sans réponse, après un appel noté : rien ne se refuse pour un silence.

    L'agent clôt toute demande en cours; un évaluateur, les siennes. `a` vise un destinataire.
    """
    demande = _demande_visee(ctx)
    ouvertes = DemandeRenseignement.objects.filter(demande=demande, close_le__isnull=True)
    if ctx.acteur.role != Role.AGENT:
        if not DemandeRenseignement.objects.filter(demande=demande, demandeur=ctx.acteur).exists():
            raise Refus("acces_refuse")
        ouvertes = ouvertes.filter(demandeur=ctx.acteur)
    if isinstance(a, Compte):
        ouvertes = ouvertes.filter(destinataire=a)
    if not ouvertes.exists():
        raise Refus("etat_interdit")
    note = verifier.texte("appel_note", appel_note)
    ouvertes.update(
        close_le=ctx.instant,
        cloture=DemandeRenseignement.Cloture.CLOSE,
        close_par=ctx.acteur,
        appel_note=note,
    )
    ctx.cible = demande
    etapes.reprendre_si_tout_est_clos(ctx, demande)
