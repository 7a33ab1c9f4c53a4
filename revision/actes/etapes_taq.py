"""Devant le Tribunal : les étapes notées, le jugement et ce qu'il change."""

from __future__ import annotations

from typing import Any

from decisions import effet
from dossiers import verification as verifier
from dossiers.etats import Etat
from dossiers.models import Piece
from dossiers.porte import Contexte, acte
from dossiers.tribunal import A_VENIR, GenreEtape
from revision import lecture, reprise
from revision.models import EtapeTAQ, JugementTAQ, RecoursTAQ
from revision.regles_taq import interets_a_verifier
from socle import horloge
from socle.refus import Refus

CE_QUI_CHANGE_MAX = 2_000
NOTE_MAX = 4_000


@acte("noter_taq", "taq.consigner")
def noter_taq(ctx: Contexte, *, genre: Any = None, le: Any = None, note: Any = None) -> EtapeTAQ:
    """Note une conciliation, une entente, une audience, ou que les intérêts sont vérifiés; l'état ne change pas.

    `le` : date civile; à venir seulement pour ce qui est prévu, jamais avant le dépôt du recours.
    `etat_interdit` : aucun recours ouvert, ni intérêt à vérifier.
    """
    ctx.cible = ctx.courante
    du_dossier = RecoursTAQ.objects.filter(demande__dossier=ctx.dossier).select_related("demande").order_by("-pk")
    ouvert = du_dossier.filter(consignee_le__isnull=True, demande__etat=Etat.DEVANT_TAQ).first()
    du = du_dossier.filter(jugement__interets_a_verifier=True, jugement__interets_vus_le__isnull=True).first()
    if ouvert is None and du is None:
        raise Refus("etat_interdit")
    verifier.manquants(("genre", genre), ("le", le))
    lu = verifier.parmi("genre", genre, GenreEtape.values)
    recours = du if lu == GenreEtape.INTERETS else ouvert
    if recours is None:
        raise Refus("champ_invalide", champ="genre")
    jour = verifier.date_exigee("le", le)
    if (jour > ctx.jour and lu not in A_VENIR) or jour < horloge.jour_civil(recours.saisi_le):
        raise Refus("champ_invalide", champ="le")
    dite = verifier.texte("note", note, requis=False, maximum=NOTE_MAX)
    ctx.cible = recours.demande
    if lu == GenreEtape.INTERETS:
        JugementTAQ.objects.filter(recours=recours).update(interets_vus_le=ctx.instant)
        reprise.clore_l_interet(ctx, recours.demande)
    ctx.details["genre"] = lu
    return EtapeTAQ.objects.create(recours=recours, genre=lu, le=jour, note=dite, par=ctx.acteur, notee_le=ctx.instant)


def ecrire_jugement(
    ctx: Contexte, recours: RecoursTAQ, *, juge_le: Any, ce_qui_change: Any, date_effet: Any, piece: Any
) -> JugementTAQ:
    """Écrit le jugement d'un recours dont l'issue est lue; rien de ce qu'il porte n'est exigé.

    `piece` : numéro d'une pièce de ce dossier. Un intérêt est à vérifier si la décision change (art. 119).
    """
    rendu = verifier.une_date("juge_le", juge_le, requis=False)
    if rendu is not None and not horloge.jour_civil(recours.saisi_le) <= rendu <= ctx.jour:
        raise Refus("champ_invalide", champ="juge_le")
    jugement = JugementTAQ.objects.create(
        recours=recours,
        rendu_le=rendu,
        ce_qui_change=verifier.texte("ce_qui_change", ce_qui_change, requis=False, maximum=CE_QUI_CHANGE_MAX),
        date_effet=effet.lire(date_effet, ctx.jour, requis=False),
        piece=_piece(ctx, piece),
        interets_a_verifier=interets_a_verifier(recours.issue),
    )
    if jugement.interets_a_verifier:
        _demander_l_interet(ctx, recours)
    return jugement


def _demander_l_interet(ctx: Contexte, recours: RecoursTAQ) -> None:
    """La tâche d'agent, comptée de la décision que le Tribunal renverse; la même que pour une révision."""
    revisee = lecture.derniere_revision(recours.demande)
    if revisee is not None:
        reprise.poser_l_interet(revisee.decision, ctx.jour, ctx.instant)


def _piece(ctx: Contexte, numero: Any) -> Piece | None:
    if numero in (None, ""):
        return None
    if isinstance(numero, bool) or not str(numero).isdecimal() or len(str(numero)) > 18:
        raise Refus("champ_invalide", champ="piece")
    permises = Piece.objects.filter(dossier=ctx.dossier).exclude(verification=Piece.Verification.REFUSEE)
    trouvee = permises.filter(pk=int(str(numero))).first()
    if trouvee is None:
        raise Refus("champ_invalide", champ="piece")
    return trouvee
