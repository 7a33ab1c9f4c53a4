"""Les actes de l'évaluation conjointe : prendre, rendre un avis, se concerter, affecter, rouvrir."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from comptes.models import Compte, Role
from decisions.actes.signature import QUALITES_SIGNATAIRES, annuler_signature, exiger_saisi
from decisions.actes.triage import deposer_projet
from decisions.models import ProjetDecision
from dossiers import affectations, conflits, etapes
from dossiers import verification as verifier
from dossiers.etats import CHEZ_CSEMS, Etat, Voie
from dossiers.models import Attribution, Demande, Participation
from dossiers.porte import Contexte, acte
from evaluation import brouillons, lecture, regles, regles_grille
from evaluation import grille as grilles
from evaluation.citations import verifiees
from evaluation.limites import raison_max
from evaluation.models import Avis, BrouillonAvis, Concertation
from formulaires.actes.brouillons import ConflitBrouillon
from formulaires.lecture import pieces_citables
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
    grille: Any = None,
    citations: Any = None,
) -> Avis:
    """Rend un avis signé : trois réponses, un texte, des pièces citées, une recommandation.

    `raisons` (facultatives) : par question, ce que la personne lira. `grille` (facultative) : domaines, effet
    cumulatif, traitement, facteurs, part de l'âge, jugés par la définition à la date de la demande. `citations`
    (facultatives) : les pages et les extraits sur quoi chaque réponse s'appuie (`evaluation.citations`), figés avec
    l'avis.
    Refus propres : `question_sans_reponse`, `piece_non_citee`. Le même avis deux fois : `deja_signe`.
    """
    demande = ctx.courante
    exiger_saisi(ctx, demande)
    dernier = lecture.dernier_avis(demande, ctx.acteur)
    identique = dernier is not None and _identique(dernier, questions, texte, pieces_citees, recommandation, raisons)
    if dernier is not None and identique and _meme_grille(dernier, grille) and dernier.citations == (citations or []):
        raise Refus("deja_signe")
    etapes.exiger_etat(demande, (Etat.EN_EVALUATION, Etat.EN_CONCERTATION))
    if regles.questions_sans_reponse(questions):
        raise Refus("question_sans_reponse", champ=regles.questions_sans_reponse(questions)[0])
    _exiger_pieces(demande, pieces_citees)
    verifier.manquants(("texte", texte), ("recommandation", recommandation))
    reponses = {q: verifier.parmi(f"questions.{q}", questions[q], regles.REPONSES) for q in regles.QUESTIONS}
    dite = grilles.verifiee(grille, demande.jour_depot)
    avis = Avis.objects.create(
        demande=demande,
        auteur=ctx.acteur,
        metier=lecture.metier(ctx.acteur),
        tiers=_est_tiers(ctx, demande),
        version=(dernier.version if dernier else 0) + 1,
        questions=reponses,
        raisons_json=json.dumps(raisons_verifiees(raisons), ensure_ascii=False, sort_keys=True),
        texte=verifier.texte("texte", texte),
        citations_json=_citations(ctx, citations, pieces_citees),
        pieces_citees=list(dict.fromkeys(pieces_citees)),
        recommandation=verifier.parmi("recommandation", recommandation, Avis.Recommandation.values),
        rendu_le=ctx.instant,
        grille_json=json.dumps(dite, ensure_ascii=False, sort_keys=True),
        grille_du=demande.jour_depot if dite else None,
    )
    _apres_l_avis(ctx, demande)
    return avis


def _apres_l_avis(ctx: Contexte, demande: Demande) -> None:
    """L'avis rendu, le brouillon n'a plus d'objet; au second avis, les deux se concertent."""
    ctx.participer(demande, Participation.Qualite.AVIS)
    BrouillonAvis.objects.filter(demande=demande, auteur=ctx.acteur).delete()
    if demande.etat == Etat.EN_EVALUATION and lecture.deux_avis_rendus(demande):
        etapes.changer(ctx, demande, "concerter")


def _citations(ctx: Contexte, citations: Any, pieces_citees: list[str]) -> str:
    lues = verifiees(citations, pieces_citees, ctx.dossier)
    return json.dumps(lues, ensure_ascii=False, sort_keys=True) if lues else ""


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


def _meme_grille(dernier: Avis, dite: Any) -> bool:
    """Vrai si la grille donnée ne change rien à celle de l'avis rendu."""
    if dite is not None and not isinstance(dite, Mapping):
        return False
    return brouillons.a_plat(grilles.sans_les_mots(dernier.grille)) == brouillons.a_plat(dite or {})


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
def conclure_concertation(
    ctx: Contexte, *, accord: Any = None, note: Any = None, par_question: Any = None
) -> Concertation:
    """Conclut la concertation. Après un désaccord, un accord attend le tiers avis; la dissidence est gardée.

    `par_question` (facultatif) : `{question: {"accord": oui/non, "commentaire": texte}}`, gardé tel quel.
    """
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
        par_question_json=json.dumps(
            accords_verifies(par_question, grilles.commentaire_max(ctx.jour)), ensure_ascii=False, sort_keys=True
        ),
    )
    ctx.participer(demande, Participation.Qualite.COMMENTAIRE)
    if lu:
        deposer_projet(ctx, demande, Voie.EVALUEE, contenu_projet(demande, concertation))
        etapes.changer(ctx, demande, "conclure")
    return concertation


def accords_verifies(par_question: Any, maximum: int) -> dict[str, dict[str, Any]]:
    """Rang 8 : à chaque question nommée, un accord ou une dissidence, et son commentaire d'au plus `maximum` signes."""
    if par_question is None:
        return {}
    if not isinstance(par_question, Mapping) or not set(par_question) <= set(regles.QUESTIONS):
        raise Refus("champ_invalide", champ="par_question")
    lus: dict[str, dict[str, Any]] = {}
    for question in regles.QUESTIONS:
        dit = par_question.get(question)
        if dit is None:
            continue
        accord = dit.get("accord") if isinstance(dit, Mapping) else None
        lu = accord if isinstance(accord, bool) else OUI_NON.get(accord) if isinstance(accord, str) else None
        if lu is None:
            raise Refus("champ_invalide", champ="par_question")
        commentaire = verifier.texte("par_question", dit.get("commentaire"), requis=False, maximum=maximum)
        lus[question] = {"accord": lu, "commentaire": commentaire}
    return lus


def contenu_projet(demande: Demande, concertation: Concertation | None = None) -> dict[str, Any]:
    """Réponses par question, pièces citées, accord ou dissidence : figés pour la décision et sa lettre.

    `age` : la part de l'âge, que la lettre dira; vide s'il n'a pas pesé. `dissidence_par_question` : les questions
    où la concertation en garde une; son commentaire reste chiffré, avec elle.
    """
    lus = lecture.lus(demande)
    par_question = concertation.par_question if concertation is not None else {}
    return {
        "questions": regles.reponses_par_question(lus),
        "pieces_citees": sorted({piece for lu in lus for piece in lu.pieces_citees}),
        "dissidence": regles.dissidents(lus),
        "recommandations": [
            {"metier": lu.metier, "tiers": lu.tiers, "recommandation": lu.recommandation} for lu in lus
        ],
        "age": regles_grille.age(lus),
        "dissidence_par_question": [question for question, dit in par_question.items() if not dit["accord"]],
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


class ConflitAvis(ConflitBrouillon):
    """Une réponse a changé ailleurs depuis sa lecture; porte le brouillon gardé et les réponses en cause.

    Les réponses qui ne sont pas en cause, elles, sont gardées (`gardees`).
    """

    def __init__(self, garde: BrouillonAvis, reponses: list[str], *, gardees: bool) -> None:
        super().__init__(garde)
        self.garde: BrouillonAvis = garde
        self.reponses = reponses
        self.gardees = gardees


def garder_brouillon_avis(
    demande: Demande,
    auteur: Compte,
    contenu: dict[str, Any],
    version_lue: int | None = None,
    lu: Any = None,
    hors_page: brouillons.HorsPage | None = None,
) -> BrouillonAvis:
    """Garde les réponses en cours, une à une; lève `ConflitAvis` si l'une a aussi changé dans une autre fenêtre.

    `lu` : les empreintes de la page (`evaluation.brouillons`); sans elles, une autre version met tout en conflit.
    `hors_page` : ce que le geste fait des citations de page et de la liseuse; sans lui, elles restent.
    """
    garde, fusion = brouillons.garder(
        BrouillonAvis,
        {"demande": demande, "auteur": auteur},
        contenu,
        version_lue,
        lu=lu,
        depart=lecture.contenu_de_l_avis(lecture.dernier_avis(demande, auteur)),
        hors_page=hors_page,
    )
    if fusion.conflits:
        raise ConflitAvis(garde, fusion.conflits, gardees=brouillons.lire_empreintes(lu) is not None)
    return garde
