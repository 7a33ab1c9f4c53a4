"""Pièces et échanges."""

from __future__ import annotations

from typing import Any

from comptes.models import Compte
from dossiers import etapes
from dossiers import verification as verifier
from dossiers.etats import Etat
from dossiers.models import Echange, Participation, Piece
from dossiers.porte import Contexte, acte
from socle.refus import Refus


@acte("verser_piece", "piece.verser")
def verser_piece(
    ctx: Contexte, *, nature: Any = None, titre: Any = None, texte: Any = None, fichier: Any = None
) -> Piece:
    """Verse une pièce au dossier, dans tout état; un fichier attend sa vérification avant d'être ouvert."""
    demande = ctx.courante
    verifier.manquants(("nature", nature), ("titre", titre))
    piece = Piece(
        dossier=ctx.dossier,
        demande=demande,
        nature=verifier.texte("nature", nature, maximum=60),
        titre=verifier.texte("titre", titre, maximum=160),
        texte=verifier.texte("texte", texte, requis=False),
        versee_par=ctx.acteur,
        versee_le=ctx.instant,
    )
    if fichier:
        piece.fichier = fichier
        piece.verification = Piece.Verification.EN_COURS
    piece.save()
    ctx.details["piece"] = piece.pk
    ctx.echeances_a_revoir = ctx.dossier.demandes.filter(etat=Etat.EN_REVISION).exists()
    return piece


@acte("echanger", "echange.ecrire")
def echanger(ctx: Contexte, *, a: Any = None, texte: Any = None) -> Echange:
    """Écrit à un autre acteur du dossier; le message fait partie du dossier.

    Un agent ou un évaluateur qui écrit prend part à la décision (commentaire).
    """
    demande = ctx.courante
    verifier.manquants(("texte", texte), ("a", a))
    if not isinstance(a, Compte) or a.pk == ctx.acteur.pk or not etapes.est_lie(ctx.dossier, a):
        raise Refus("champ_invalide", champ="a")
    echange = Echange.objects.create(
        dossier=ctx.dossier,
        demande=demande,
        auteur=ctx.acteur,
        a=a,
        texte=verifier.texte("texte", texte),
        le=ctx.instant,
    )
    if ctx.acteur.est_personnel:
        ctx.participer(demande, Participation.Qualite.COMMENTAIRE)
    return echange
