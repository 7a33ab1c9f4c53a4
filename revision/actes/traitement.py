"""Ce que fait la DRRA : affecter, juger la recevabilité, tenir l'entrevue, rendre la décision.

Conflit d'intérêts : toute personne qui a pris part à la décision de première instance (avis, signature,
affectation, commentaire) est écartée, à l'affectation et à chaque geste.
"""

from __future__ import annotations

import json
from typing import Any

from comptes.models import Compte, Role
from correspondance.actes import preparer_lettre
from decisions import effet
from decisions.pieces import attester
from dossiers import affectations, etapes
from dossiers import verification as verifier
from dossiers.etats import Etat
from dossiers.models import Attribution, Demande, Participation
from dossiers.porte import Contexte, acte
from evaluation import brouillons
from evaluation import regles as evaluation
from evaluation.actes import raisons_verifiees
from formulaires.actes.brouillons import ConflitBrouillon
from referentiels.droit import CAS, regle_de_droit
from revision import lecture, lettres
from revision.models import BrouillonRevision, Revision, SignatureRevision
from socle.refus import Refus

METIER = {Role.MEDECIN_DRRA: "medecin", Role.SPECIALISTE_DRRA: "specialiste"}
OUI_NON = {"oui": True, "non": False}


@regle_de_droit(
    "reviseur_neutre",
    "Qui a pris part à la première décision ne la révise pas",
    source="Manuel, sujet 43364",
    exige=(CAS,),
)
def en_conflit(demande: Demande, personne: Compte) -> bool:
    """Vrai si la personne a une participation à la décision de première instance de cette demande."""
    return Participation.objects.filter(demande=demande, personne=personne).exists()


def _demande_en_revision(ctx: Contexte) -> Demande:
    demande = ctx.dossier.demandes.filter(etat=Etat.EN_REVISION).order_by("-rang").first()
    if demande is None:
        raise Refus("etat_interdit")
    ctx.cible = demande
    return demande


# Les titres que pose l'affectation d'une révision.
QUALITES_REVISEURS = (Attribution.Qualite.REVISEUR,)


@acte("affecter_reviseur", "reviseur.affecter")
def affecter_reviseur(
    ctx: Contexte, *, medecin: Any = None, specialiste: Any = None, affectation_lue: Any = None
) -> None:
    """Le chef de la DRRA affecte les réviseurs; un nouvel appel remplace et annule la signature du remplacé.

    `affectation_lue` (facultative) : la marque de la page (`dossiers.affectations`); périmée, `AffectationChangee`.
    """
    visees = [personne for personne in (medecin, specialiste) if isinstance(personne, Compte)]
    en_revision = ctx.dossier.demandes.filter(etat_avant_revision__gt="").order_by("-rang").first()
    if en_revision is not None and any(en_conflit(en_revision, personne) for personne in visees):
        raise Refus("conflit_interet")
    demande = _demande_en_revision(ctx)
    revision = lecture.revision_ouverte(demande)
    if revision is None:
        raise Refus("etat_interdit")
    verifier.manquants(("medecin", medecin), ("specialiste", specialiste))
    for champ, personne, role in (
        ("medecin", medecin, Role.MEDECIN_DRRA),
        ("specialiste", specialiste, Role.SPECIALISTE_DRRA),
    ):
        if not isinstance(personne, Compte) or personne.role != role or not personne.is_active:
            raise Refus("champ_invalide", champ=champ)
    affectations.exiger_lue(affectation_lue, affectations.marque(ctx.dossier, *QUALITES_REVISEURS))
    _remplacer(ctx, demande, revision, {medecin.pk, specialiste.pk})
    for personne in (medecin, specialiste):
        etapes.attribuer(ctx, demande, personne, Attribution.Qualite.REVISEUR, "affecté à la révision")


def _remplacer(ctx: Contexte, demande: Demande, revision: Revision, gardes: set[int]) -> None:
    anciens = Attribution.objects.filter(
        demande=demande, qualite=Attribution.Qualite.REVISEUR, au__isnull=True
    ).exclude(qui_id__in=gardes)
    for ancien in anciens.select_related("qui"):
        SignatureRevision.objects.filter(revision=revision, signataire=ancien.qui, annulee_le__isnull=True).update(
            annulee_le=ctx.instant
        )
        etapes.finir_attribution(ctx, ancien)


def exiger_reviseur(ctx: Contexte) -> Demande:
    """Rang 1 et 2 : réviseur affecté à une demande de ce dossier, sans conflit d'intérêts."""
    attribution = (
        Attribution.objects.filter(
            dossier=ctx.dossier, qui=ctx.acteur, qualite=Attribution.Qualite.REVISEUR, au__isnull=True
        )
        .select_related("demande")
        .order_by("-pk")
        .first()
    )
    if attribution is None or attribution.demande is None:
        raise Refus("acces_refuse")
    if en_conflit(attribution.demande, ctx.acteur):
        raise Refus("conflit_interet")
    ctx.cible = attribution.demande
    return attribution.demande


def revision_a_rendre(demande: Demande) -> Revision:
    """Rang 6 : une révision ouverte, en révision ou, après un recours direct, devant le Tribunal."""
    etapes.exiger_etat(demande, (Etat.EN_REVISION, Etat.DEVANT_TAQ))
    revision = lecture.revision_ouverte(demande)
    if revision is None:
        raise Refus("etat_interdit")
    return revision


@acte("juger_recevabilite", "revision.traiter")
def juger_recevabilite(ctx: Contexte, *, recevable: Any = None, justification: Any = None) -> Revision:
    """Un seul réviseur juge la recevabilité; une justification est exigée si elle est tardive ou refusée.

    Irrecevable : la décision en révision est rendue, avec quinze jours pour le Tribunal (art. 112).
    """
    demande = exiger_reviseur(ctx)
    revision = revision_a_rendre(demande)
    if revision.recevable is not None:
        raise Refus("etat_interdit")
    lu = recevable if isinstance(recevable, bool) else OUI_NON.get(recevable) if isinstance(recevable, str) else None
    vide = not (isinstance(justification, str) and justification.strip())
    if vide and (lu is False or lecture.hors_delai(revision)):
        raise Refus("justification_absente", champ="justification")
    verifier.exiger("recevable", recevable)
    if lu is None:
        raise Refus("champ_invalide", champ="recevable")
    revision.recevable = lu
    revision.justification = verifier.texte("justification", justification, requis=False)
    revision.recevabilite_par = ctx.acteur
    revision.recevabilite_le = ctx.instant
    revision.save()
    if not lu:
        _rendre(ctx, demande, revision, "revision_irrecevable")
    return revision


def _a_signe(demande: Demande, personne: Compte) -> bool:
    derniere = lecture.derniere_revision(demande)
    return (
        derniere is not None
        and SignatureRevision.objects.filter(revision=derniere, signataire=personne, annulee_le__isnull=True).exists()
    )


@acte("rendre_revision", "revision.traiter")
def rendre_revision(
    ctx: Contexte,
    *,
    issue: Any = None,
    ce_qui_differe: Any = None,
    cause: Any = None,
    date_effet: Any = None,
    questions: Any = None,
    raisons: Any = None,
    attestes: Any = None,
) -> Revision:
    """Signe la décision en révision; la première signature dit ce qui diffère et pourquoi, la seconde scelle.

    `questions` et `raisons` (facultatives, à la première signature) : les réponses des réviseurs aux questions
    de la loi, que la lettre met à côté de celles de la première décision. Refus propre : `question_sans_reponse`.
    `attestes` (facultatif) : clés des documents confirmés comme lus sans avoir été ouverts ici.
    """
    demande = exiger_reviseur(ctx)
    if _a_signe(demande, ctx.acteur):
        raise Refus("deja_signe")
    revision = revision_a_rendre(demande)
    if revision.recevable is not True:
        raise Refus("etat_interdit")
    metier = METIER[Role(ctx.acteur.role)]
    vivantes = list(revision.signatures.filter(annulee_le__isnull=True))
    if any(signature.metier == metier for signature in vivantes):
        raise Refus("etat_interdit")
    connue = isinstance(issue, str) and issue in Revision.Issue.values
    if vivantes and connue and revision.issue != issue:
        raise Refus("etat_interdit")
    lue = verifier.parmi("issue", issue, Revision.Issue.values)
    if not vivantes:
        revision.analyse_json = _analyse(questions, raisons)
        _porter(ctx, revision, lue, ce_qui_differe, cause, date_effet)
    attester(ctx, demande, attestes)
    SignatureRevision.objects.create(revision=revision, signataire=ctx.acteur, metier=metier, le=ctx.instant)
    BrouillonRevision.objects.filter(revision=revision, auteur=ctx.acteur).delete()
    if vivantes:
        _rendre(ctx, demande, revision, f"decision_{revision.issue}")
    return revision


def _analyse(questions: Any, raisons: Any) -> str:
    """Les réponses et les raisons portées, en JSON; vide si l'acte n'en porte pas."""
    if questions is None:
        return ""
    sans = evaluation.questions_sans_reponse(questions)
    if sans:
        raise Refus("question_sans_reponse", champ=sans[0])
    reponses = {q: verifier.parmi(f"questions.{q}", questions[q], evaluation.REPONSES) for q in evaluation.QUESTIONS}
    portee = {"questions": reponses, "raisons": raisons_verifiees(raisons)}
    return json.dumps(portee, ensure_ascii=False, sort_keys=True)


def _porter(ctx: Contexte, revision: Revision, issue: str, ce_qui_differe: Any, cause: Any, date_effet: Any) -> None:
    """Écrit ce que porte la première signature; confirmée, elle reprend les motifs de la décision."""
    change = issue != Revision.Issue.CONFIRMEE
    if change:
        verifier.manquants(("ce_qui_differe", ce_qui_differe), ("cause", cause), ("date_effet", date_effet))
    revision.issue = issue
    revision.ce_qui_differe = verifier.texte("ce_qui_differe", ce_qui_differe, requis=change)
    revision.cause = verifier.parmi("cause", cause, Revision.Cause.values) if cause or change else ""
    revision.date_effet = effet.lire(date_effet, ctx.jour, requis=change)
    revision.save()


def _rendre(ctx: Contexte, demande: Demande, revision: Revision, modele: str) -> None:
    """Scelle la révision : état, lettre, demande en attente. Devant le Tribunal, l'état ne change pas."""
    revision.rendue_le = ctx.instant
    revision.save(update_fields=["rendue_le"])
    effet.consigner_en_revision(demande, revision.date_effet, ctx.acteur, ctx.instant)
    if demande.etat == Etat.EN_REVISION:
        etapes.changer(ctx, demande, "rendre_revision")
        etapes.ouvrir_demande_en_attente(ctx)
    ctx.echeances_a_revoir = True
    preparer_lettre(
        modele,
        dossier=ctx.dossier,
        demande=demande,
        destinataire=ctx.dossier.prestataire,
        cause=revision,
        contenu=lettres.contenu_revision(revision),
    )


class ConflitRevision(ConflitBrouillon):
    """Une réponse a changé ailleurs depuis sa lecture; porte le brouillon gardé et les réponses en cause.

    Les réponses qui ne sont pas en cause, elles, sont gardées (`gardees`).
    """

    def __init__(self, garde: BrouillonRevision, reponses: list[str], *, gardees: bool) -> None:
        super().__init__(garde)
        self.garde: BrouillonRevision = garde
        self.reponses = reponses
        self.gardees = gardees


def garder_brouillon_revision(
    revision: Revision, auteur: Compte, contenu: dict[str, Any], version_lue: int | None = None, lu: Any = None
) -> BrouillonRevision:
    """Garde l'analyse d'un réviseur, réponse par réponse; `ConflitRevision` si l'une a aussi changé ailleurs.

    `lu` : les empreintes de la page (`evaluation.brouillons`); sans elles, une autre version met tout en conflit.
    """
    garde, fusion = brouillons.garder(
        BrouillonRevision, {"revision": revision, "auteur": auteur}, contenu, version_lue, lu=lu
    )
    repond = bool(garde.contenu.get("questions"))
    if repond != garde.repond:
        BrouillonRevision.objects.filter(pk=garde.pk, version=garde.version).update(repond=repond)
        garde.repond = repond
    if fusion.conflits:
        raise ConflitRevision(garde, fusion.conflits, gardees=brouillons.lire_empreintes(lu) is not None)
    return garde
