"""Le désaccord de qui devait signer en second : il ne signe pas, et dit pourquoi au dossier.

Ne change ni l'issue ni l'état : la première signature reste, la suite se décide à deux ou avec le chef d'équipe
(concertation rouverte, autre signataire affecté). En évaluation, la concertation garde déjà la dissidence.
Source : `cas/LISEZMOI.md`, « Avis et décision » (une seconde signature d'issue différente n'est pas permise).
"""

from __future__ import annotations

from typing import Any

from comptes.models import ROLES_DRRA, Compte
from decisions import lecture as decisions
from dossiers import verification as verifier
from dossiers.etats import Etat
from dossiers.models import Demande
from dossiers.porte import Contexte, acte
from revision import lecture
from revision.actes.traitement import exiger_reviseur, revision_a_rendre
from revision.models import Desaccord, SignatureRevision
from socle.refus import Refus

TEXTE_MAX = 2_000


def premier_a_la_decision(demande: Demande) -> Compte | None:
    """Qui a signé la décision qui attend encore une signature; None si elle n'en porte aucune."""
    en_cours = decisions.decision_du_tour(demande)
    if en_cours is None or en_cours.scellee_le is not None:
        return None
    vivantes = decisions.signatures_vivantes(en_cours)
    return vivantes[0].signataire if vivantes else None


def premier_en_revision(demande: Demande) -> Compte | None:
    """Qui a signé la révision qui attend encore une signature; None si elle n'en porte aucune."""
    revision = lecture.revision_ouverte(demande)
    vivantes = SignatureRevision.objects.filter(revision=revision, annulee_le__isnull=True).select_related("signataire")
    signature = vivantes.order_by("pk").first() if revision is not None else None
    return signature.signataire if signature is not None else None


def _vise(ctx: Contexte) -> tuple[Demande, str, Compte | None]:
    """La demande, ce qui est signé en premier, et par qui; le conflit d'intérêts passe avant l'état."""
    if ctx.acteur.role in ROLES_DRRA:
        demande = exiger_reviseur(ctx)
        return demande, Desaccord.Objet.REVISION, premier_en_revision(demande)
    demande = ctx.courante
    ctx.cible = demande
    return demande, Desaccord.Objet.DECISION, premier_a_la_decision(demande)


@acte("noter_desaccord", "desaccord.noter")
def noter_desaccord(ctx: Contexte, *, texte: Any = None) -> Desaccord:
    """Garde le désaccord de la personne qui devait adopter; l'autre signataire et le chef d'équipe le lisent.

    Refus : `deja_signe` pour qui a signé, `etat_interdit` si aucune première signature n'attend la seconde.
    """
    demande, objet, premier = _vise(ctx)
    if premier is not None and premier.pk == ctx.acteur.pk:
        raise Refus("deja_signe")
    if objet == Desaccord.Objet.REVISION:
        revision_a_rendre(demande)
    elif demande.etat != Etat.EN_ATTENTE_SIGNATURE:
        raise Refus("etat_interdit")
    if premier is None:
        raise Refus("etat_interdit")
    return Desaccord.objects.create(
        demande=demande,
        objet=objet,
        premier=premier,
        par=ctx.acteur,
        texte=verifier.texte("texte", texte, maximum=TEXTE_MAX),
        le=ctx.instant,
    )
