"""Les actes de l'évaluation conjointe : prendre, rendre un avis, se concerter, affecter, rouvrir."""

from __future__ import annotations

import json
from typing import Any

from django.db import transaction

from comptes.models import Compte, Role
from decisions.actes.signature import QUALITES_SIGNATAIRES, annuler_signature, exiger_saisi
from decisions.actes.triage import deposer_projet
from decisions.models import ProjetDecision
from dossiers import affectations, conflits, etapes
from dossiers import verification as verifier
from dossiers.etats import CHEZ_CSEMS, Etat, Voie
from dossiers.models import Attribution, Demande, Participation
from dossiers.porte import Contexte, acte
from evaluation import lecture, regles
from evaluation.limites import raison_max
from evaluation.models import Avis, BrouillonAvis, Concertation
from formulaires.lecture import pieces_citables
from socle import horloge
from socle.refus import Refus

OUI_NON = {"oui": True, "non": False}


@acte("prendre_en_evaluation", "evaluation.prendre")
def prendre_en_evaluation(ctx: Contexte) -> Demande:
    """Un médecin et un spécialiste, un de chaque, se saisissent du dossier transmis.

    Le premier fait passer la demande en évaluation; le second n'y change rien.
    """
    conflits.exiger_sans(ctx.dossier, ctx.acteur)
    demande = ctx.courante
    etapes.exiger_etat(demande, (Etat.TRANSMISE_CSEMS, Etat.EN_EVALUATION))
    deja = lecture.titulaire(demande, lecture.metier(ctx.acteur))
    if deja is not None and deja.qui_id != ctx.acteur.pk:
        raise Refus(
            "etat_interdit", "Une personne de votre métier vient de prendre ce dossier. Choisissez-en un autre."
        )
    if deja is not None and demande.etat == Etat.EN_EVALUATION:
        raise Refus("etat_interdit", "Vous avez déjà pris ce dossier. Il est dans « À évaluer ».")
    etapes.attribuer(ctx, demande, ctx.acteur, Attribution.Qualite.EVALUATEUR, "prend le dossier en évaluation")
    ctx.participer(demande, Participation.Qualite.AFFECTATION)
    if demande.etat == Etat.TRANSMISE_CSEMS:
        etapes.changer(ctx, demande, "commencer_evaluation")
    return demande


@acte("rendre_avis", "avis.rendre")
def rendre_avis(
    ctx: Contexte,
    *,
    questions: Any = None,
    texte: Any = None,
    pieces_citees: Any = None,
    recommandation: Any = None,
    raisons: Any = None,
) -> Avis:
    """Rend un avis signé : trois réponses, un texte, des pièces citées, une recommandation.

    `raisons` (facultatives) : par question, ce que la personne lira.
    Refus propres : `question_sans_reponse`, `piece_non_citee`. Le même avis deux fois : `deja_signe`.
    """
    demande = ctx.courante
    exiger_saisi(ctx, demande)
    dernier = lecture.dernier_avis(demande, ctx.acteur)
    if dernier is not None and _identique(dernier, questions, texte, pieces_citees, recommandation, raisons):
        raise Refus("deja_signe")
    etapes.exiger_etat(demande, (Etat.EN_EVALUATION, Etat.EN_CONCERTATION))
    if regles.questions_sans_reponse(questions):
        raise Refus("question_sans_reponse", champ=regles.questions_sans_reponse(questions)[0])
    _exiger_pieces(demande, pieces_citees)
    verifier.manquants(("texte", texte), ("recommandation", recommandation))
    reponses = {q: verifier.parmi(f"questions.{q}", questions[q], regles.REPONSES) for q in regles.QUESTIONS}
    avis = Avis.objects.create(
        demande=demande,
        auteur=ctx.acteur,
        metier=lecture.metier(ctx.acteur),
        tiers=_est_tiers(ctx, demande),
        version=(dernier.version if dernier else 0) + 1,
        questions=reponses,
        raisons_json=json.dumps(raisons_verifiees(raisons), ensure_ascii=False, sort_keys=True),
        texte=verifier.texte("texte", texte),
        pieces_citees=list(dict.fromkeys(pieces_citees)),
        recommandation=verifier.parmi("recommandation", recommandation, Avis.Recommandation.values),
        rendu_le=ctx.instant,
    )
    ctx.participer(demande, Participation.Qualite.AVIS)
    BrouillonAvis.objects.filter(demande=demande, auteur=ctx.acteur).delete()
    if demande.etat == Etat.EN_EVALUATION and lecture.deux_avis_rendus(demande):
        etapes.changer(ctx, demande, "concerter")
    return avis


def raisons_verifiees(raisons: Any) -> dict[str, str]:
    """Rang 8 : une raison est un texte court, rattaché à une question de la loi."""
    if raisons is None:
        return {}
    if not isinstance(raisons, dict) or not set(raisons) <= set(regles.QUESTIONS):
        raise Refus("champ_invalide", champ="raisons")
    lues = {q: verifier.texte(f"raison_{q}", texte, requis=False, maximum=raison_max()) for q, texte in raisons.items()}
    return {q: texte for q, texte in lues.items() if texte}


def _identique(dernier: Avis, questions: Any, texte: Any, pieces: Any, recommandation: Any, raisons: Any) -> bool:
    return (
        isinstance(questions, dict)
        and dernier.questions == questions
        and dernier.texte == (texte.strip() if isinstance(texte, str) else texte)
        and isinstance(pieces, list | tuple)
        and set(dernier.pieces_citees) == set(map(str, pieces))
        and dernier.recommandation == recommandation
        and dernier.raisons == (raisons or {})
    )


def _exiger_pieces(demande: Demande, pieces: Any) -> None:
    """Rang 7 : au moins une pièce citée, et toutes connues du dossier."""
    if not isinstance(pieces, list | tuple) or not pieces:
        raise Refus("piece_non_citee", champ="pieces_citees")
    citables = pieces_citables(demande)
    if any(not isinstance(piece, str) or piece not in citables for piece in pieces):
        raise Refus("piece_non_citee", champ="pieces_citees")


def _est_tiers(ctx: Contexte, demande: Demande) -> bool:
    return Attribution.objects.filter(
        demande=demande, qui=ctx.acteur, qualite=Attribution.Qualite.TIERS, au__isnull=True
    ).exists()


@acte("affecter_evaluateur", "evaluateur.affecter")
def affecter_evaluateur(
    ctx: Contexte, *, evaluateur: Any = None, motif: Any = None, affectation_lue: Any = None
) -> Attribution:
    """Le chef du CSEMS affecte un remplaçant ou, après un désaccord, un tiers; jamais lui-même.

    Un remplaçant prend la place de l'évaluateur de son métier, dont la signature en cours est annulée.
    `affectation_lue` (facultative) : la marque de la page (`dossiers.affectations`); périmée, `AffectationChangee`.
    """
    if isinstance(evaluateur, Compte):
        conflits.exiger_sans(ctx.dossier, evaluateur, champ="evaluateur")
    demande = ctx.courante
    if demande.etat_de_fond not in CHEZ_CSEMS:
        raise Refus("etat_interdit")
    verifier.manquants(("evaluateur", evaluateur), ("motif", motif))
    if not isinstance(evaluateur, Compte) or evaluateur.role not in (Role.MEDECIN_CSEMS, Role.SPECIALISTE_CSEMS):
        raise Refus("champ_invalide", champ="evaluateur")
    if not evaluateur.is_active:
        raise Refus("champ_invalide", champ="evaluateur")
    lu = verifier.texte("motif", motif, maximum=200)
    affectations.exiger_lue(affectation_lue, affectations.marque(ctx.dossier, *QUALITES_SIGNATAIRES))
    deja = Attribution.objects.filter(demande=demande, qui=evaluateur, au__isnull=True)
    if deja.exists():
        raise Refus("champ_invalide", champ="evaluateur")
    tiers = lecture.desaccord_ouvert(demande) is not None
    if not tiers:
        _remplacer(ctx, demande, lecture.metier(evaluateur))
    qualite = Attribution.Qualite.TIERS if tiers else Attribution.Qualite.EVALUATEUR
    attribution = etapes.attribuer(ctx, demande, evaluateur, qualite, lu)
    ctx.participer(demande, Participation.Qualite.AFFECTATION)
    ctx.participer(demande, Participation.Qualite.AFFECTATION, evaluateur)
    return attribution


def _remplacer(ctx: Contexte, demande: Demande, metier: str) -> None:
    ancien = lecture.titulaire(demande, metier)
    if ancien is None:
        return
    annuler_signature(ctx, demande, ancien.qui)
    etapes.finir_attribution(ctx, ancien)


@acte("conclure_concertation", "avis.rendre")
def conclure_concertation(ctx: Contexte, *, accord: Any = None, note: Any = None) -> Concertation:
    """Conclut la concertation. Après un désaccord, un accord attend le tiers avis; la dissidence est gardée."""
    demande = ctx.courante
    exiger_saisi(ctx, demande)
    etapes.exiger_etat(demande, (Etat.EN_CONCERTATION,))
    lu = accord if isinstance(accord, bool) else OUI_NON.get(accord) if isinstance(accord, str) else None
    if lu and lecture.desaccord_ouvert(demande) is not None:
        raise Refus("etat_interdit")
    verifier.exiger("accord", accord)
    if lu is None:
        raise Refus("champ_invalide", champ="accord")
    concertation = Concertation.objects.create(
        demande=demande,
        tour=demande.tour,
        accord=lu,
        par=ctx.acteur,
        le=ctx.instant,
        note=verifier.texte("note", note, requis=False),
    )
    ctx.participer(demande, Participation.Qualite.COMMENTAIRE)
    if lu:
        deposer_projet(ctx, demande, Voie.EVALUEE, contenu_projet(demande))
        etapes.changer(ctx, demande, "conclure")
    return concertation


def contenu_projet(demande: Demande) -> dict[str, Any]:
    """Réponses par question, pièces citées, accord ou dissidence : figés pour la décision et sa lettre."""
    lus = lecture.lus(demande)
    return {
        "questions": regles.reponses_par_question(lus),
        "pieces_citees": sorted({piece for lu in lus for piece in lu.pieces_citees}),
        "dissidence": regles.dissidents(lus),
        "recommandations": [
            {"metier": lu.metier, "tiers": lu.tiers, "recommandation": lu.recommandation} for lu in lus
        ],
    }


@acte("rouvrir_evaluation", "evaluation.rouvrir")
def rouvrir_evaluation(ctx: Contexte, *, motif: Any = None) -> Demande:
    """Rouvre une demande en attente de signature; les signatures du tour tombent.

    Par un évaluateur saisi, ou par l'agent qui a préparé le projet.
    """
    demande = ctx.courante
    if ctx.acteur.role == Role.AGENT:
        prepare = ProjetDecision.objects.filter(demande=demande, prepare_par=ctx.acteur).exclude(voie=Voie.EVALUEE)
        if not prepare.exists():
            raise Refus("acces_refuse")
    else:
        exiger_saisi(ctx, demande)
    etapes.exiger_transition(demande, "rouvrir")
    ctx.details["longueur_motif"] = len(verifier.texte("motif", motif, maximum=600))
    etapes.changer(ctx, demande, "rouvrir")
    return demande


class ConflitAvis(Exception):
    """Le brouillon a changé depuis sa lecture; il porte la version gardée."""

    def __init__(self, garde: BrouillonAvis) -> None:
        super().__init__(str(garde))
        self.garde = garde


@transaction.atomic
def garder_brouillon_avis(
    demande: Demande, auteur: Compte, contenu: dict[str, Any], version_lue: int | None = None
) -> BrouillonAvis:
    """Garde les réponses en cours; lève `ConflitAvis` si une autre version l'a précédé."""
    brouillon, _ = BrouillonAvis.objects.select_for_update(of=("self",)).get_or_create(
        demande=demande, auteur=auteur, defaults={"modifie_le": horloge.maintenant()}
    )
    if version_lue is not None and version_lue != brouillon.version:
        raise ConflitAvis(brouillon)
    brouillon.contenu_json = json.dumps(contenu, ensure_ascii=False, sort_keys=True)
    brouillon.version += 1
    brouillon.modifie_le = horloge.maintenant()
    brouillon.save()
    return brouillon
