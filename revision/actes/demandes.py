"""Ce que fait la personne en révision : la demander, demander un délai, présenter des observations."""

from __future__ import annotations

from typing import Any

from correspondance.actes import preparer_lettre
from decisions.models import Decision
from dossiers import etapes
from dossiers import verification as verifier
from dossiers.etats import Etat
from dossiers.models import Demande, Dossier
from dossiers.porte import Contexte, acte
from referentiels import lecture as referentiels
from revision import alertes, demande_recue, lecture, lettres, regles
from revision.models import Observation, Revision
from socle.refus import Refus


def demande_nommee(dossier: Dossier, demande: Any) -> Demande | None:
    """La demande nommée par son rang ou donnée telle quelle; lève `champ_invalide` si elle n'existe pas."""
    if demande is None:
        return None
    rang = demande.rang if isinstance(demande, Demande) else demande
    trouvee = dossier.demandes.filter(rang=rang).first() if isinstance(rang, int) else None
    if trouvee is None:
        raise Refus("champ_invalide", champ="demande")
    return trouvee


def decision_visee(dossier: Dossier, nommee: Demande | None) -> Decision:
    """Dernière décision émise, ou celle de la demande nommée; `etat_interdit` avant l'émission."""
    emises = Decision.objects.filter(
        demande__dossier=dossier, scellee_le__isnull=False, demande__decision_emise_le__isnull=False
    ).select_related("demande")
    if nommee is not None:
        emises = emises.filter(demande=nommee)
    visee = emises.order_by("-demande__rang").first()
    if visee is None:
        raise Refus("etat_interdit")
    return visee


@acte("demander_revision", "revision.demander")
def demander_revision(
    ctx: Contexte,
    *,
    recue_le: Any = None,
    motifs: Any = None,
    impossibilite_agir: Any = None,
    demande: Any = None,
    forme: Any = None,
    representant: Any = None,
    prestation_reduite_de_plus_de_moitie: Any = None,
    reduite_le: Any = None,
) -> Revision:
    """Reçoit une demande de révision; tout écrit suffit (art. 107). Tardive, elle est reçue, datée et avertie.

    `recue_le` : jour de réception d'un écrit, jamais avant l'émission ni à venir (`champ_invalide`).
    Facultatifs : `forme` de l'écrit (`Revision.Forme`), `representant` qui écrit pour la personne
    (`revision.demande_recue`), et si la décision a réduit la prestation de plus de la moitié (art. 114).
    """
    ctx.cible = ctx.courante
    nommee = demande_nommee(ctx.dossier, demande) if isinstance(demande, Demande | int) else None
    visee = decision_visee(ctx.dossier, nommee)
    cible = visee.demande
    etapes.exiger_transition(cible, "reviser")
    if demande is not None and nommee is None:
        raise Refus("champ_invalide", champ="demande")
    jour = verifier.une_date("recue_le", recue_le, requis=False) or ctx.jour
    emise_le = cible.decision_emise_le
    if jour > ctx.jour or (emise_le is not None and jour < emise_le):
        raise Refus("champ_invalide", champ="recue_le")
    de_plus = demande_recue.lire(ctx.jour, forme, representant, prestation_reduite_de_plus_de_moitie, reduite_le)
    Revision.objects.filter(
        demande=cible, rendue_le__isnull=True, abandonnee_le__isnull=True, remplacee_le__isnull=True
    ).update(abandonnee_le=cible.etat_depuis)
    revision = Revision.objects.create(
        demande=cible,
        decision=visee,
        recue_le=jour,
        consignee_le=ctx.instant,
        demandee_par=ctx.acteur,
        motifs=verifier.texte("motifs", motifs, requis=False),
        impossibilite_agir=verifier.texte("impossibilite_agir", impossibilite_agir, requis=False),
        **de_plus,
    )
    etapes.changer(ctx, cible, "reviser")
    ctx.cible = cible
    ctx.echeances_a_revoir = True
    ctx.details["hors_delai"] = lecture.hors_delai(revision)
    _accuser(ctx, revision)
    return revision


def _accuser(ctx: Contexte, revision: Revision) -> None:
    """Fait naître l'accusé de réception à la personne."""
    preparer_lettre(
        "accuse_revision",
        dossier=ctx.dossier,
        demande=revision.demande,
        destinataire=ctx.dossier.prestataire,
        cause=revision,
        contenu=lettres.contenu_accuse(revision),
    )


def revision_en_cours(ctx: Contexte) -> Revision:
    """Révision ouverte du dossier, quelle que soit la demande courante; `etat_interdit` sinon."""
    en_revision = ctx.dossier.demandes.filter(etat=Etat.EN_REVISION).order_by("-rang").first()
    revision = lecture.revision_ouverte(en_revision) if en_revision is not None else None
    if revision is None:
        raise Refus("etat_interdit")
    ctx.cible = revision.demande
    return revision


@acte("demander_delai", "revision.demander")
def demander_delai(ctx: Contexte, *, jusqu_au: Any = None) -> Revision:
    """La personne demande du temps pour compléter; les délais repartent (manuel, sujet 43378).

    `champ_invalide` : la fin n'est pas à venir, ou dépasse `delai_complement_max_mois`.
    """
    revision = revision_en_cours(ctx)
    fin = verifier.date_exigee("jusqu_au", jusqu_au)
    mois = int(referentiels.regle("delai_complement_max_mois", ctx.jour))
    if not regles.delai_permis(fin, ctx.jour, mois):
        raise Refus("champ_invalide", f"Écrivez une date à venir, d'ici {mois} mois au plus.", champ="jusqu_au")
    revision.delai_demande_le = ctx.instant
    revision.delai_jusqu_au = fin
    revision.save(update_fields=["delai_demande_le", "delai_jusqu_au"])
    ctx.echeances_a_revoir = True
    alertes.tenir(ctx, revision)
    return revision


@acte("presenter_observations", "revision.demander")
def presenter_observations(ctx: Contexte, *, texte: Any = None) -> Observation:
    """Reçoit une observation; elle peut faire repartir les délais si un délai avait été demandé."""
    revision = revision_en_cours(ctx)
    observation = Observation.objects.create(
        revision=revision, texte=verifier.texte("texte", texte), par=ctx.acteur, le=ctx.instant
    )
    ctx.echeances_a_revoir = True
    alertes.tenir(ctx, revision)
    return observation


__all__ = ["decision_visee", "demande_nommee", "revision_en_cours"]
