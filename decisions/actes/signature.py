"""Signer la décision; sceller; faire naître la lettre dans la même transaction."""

from __future__ import annotations

from typing import Any

from comptes.models import Role
from correspondance.actes import preparer_lettre
from correspondance.models import Lettre
from decisions import complements, effet, lecture, lettres, qualite, regles
from decisions.models import Decision, Issue, Signature
from decisions.pieces import attester
from dossiers import etapes
from dossiers import verification as verifier
from dossiers.etats import Etat, Voie
from dossiers.models import Attribution, Demande, DemandeRenseignement, Occasion
from dossiers.porte import Contexte, acte
from referentiels import lecture as referentiels
from socle import horloge
from socle.refus import Refus

METIER = {
    Role.AGENT: Signature.Metier.AGENT,
    Role.MEDECIN_CSEMS: Signature.Metier.MEDECIN,
    Role.SPECIALISTE_CSEMS: Signature.Metier.SPECIALISTE,
}
QUALITES_SIGNATAIRES = (Attribution.Qualite.EVALUATEUR, Attribution.Qualite.TIERS)


def exiger_saisi(ctx: Contexte, demande: Demande) -> None:
    """Lève `acces_refuse` si l'évaluateur n'est pas saisi de cette demande-ci."""
    saisi = Attribution.objects.filter(
        demande=demande, qui=ctx.acteur, qualite__in=QUALITES_SIGNATAIRES, au__isnull=True
    )
    if not saisi.exists():
        raise Refus("acces_refuse")


def _exiger_signataire(ctx: Contexte, demande: Demande) -> None:
    """Voie évaluée : les évaluateurs saisis; voies de l'agent : l'agent."""
    if ctx.acteur.role == Role.AGENT:
        if demande.voie == Voie.EVALUEE:
            raise Refus("acces_refuse")
        return
    exiger_saisi(ctx, demande)


def occasion_offerte(demande: Demande) -> bool:
    """Vrai si l'occasion de compléter a été donnée dans cette demande (`regles.occasion_valable`)."""
    faits = [
        regles.FaitOccasion(
            repondue=occasion.repondue_le is not None,
            jusqu_au=occasion.jusqu_au,
            lettre_emise_le=Lettre.objects.filter(
                cause_type="dossiers.occasion", cause_id=occasion.pk, copie_de__isnull=True
            )
            .values_list("jour_emission", flat=True)
            .first(),
        )
        for occasion in Occasion.objects.filter(demande=demande)
    ]
    reponse = DemandeRenseignement.objects.filter(
        demande=demande,
        apres_transmission=True,
        repondue_le__isnull=False,
        destinataire__role__in=(Role.PRESTATAIRE, Role.CLINICIEN),
    ).exists()
    return regles.occasion_valable(faits, reponse, horloge.aujourd_hui())


@acte("signer_decision", "decision.signer")
def signer_decision(
    ctx: Contexte,
    *,
    issue: Any = None,
    motifs: Any = None,
    ce_qui_changerait: Any = None,
    date_effet: Any = None,
    justification_date: Any = None,
    reexamen_le: Any = None,
    contrainte_temporaire_mois: Any = None,
    attestes: Any = None,
    phrases_motifs: Any = None,
    orientation: Any = None,
) -> Decision:
    """Signe la décision. La première signature porte les motifs, la seconde les adopte et scelle.

    `attestes` (facultatif) : clés des documents que le signataire confirme avoir lus sans les avoir ouverts ici.
    `phrases_motifs` (facultatif) : `{code de motif: phrase simple}`. `orientation` (facultatif) : codes de
    programmes d'aide; la lettre les nomme, ils ne changent aucun droit.
    Refus, dans l'ordre : accès, `deja_signe`, `etat_interdit`, `justification_absente`, `motif_absent`,
    `occasion_non_offerte`, champs.
    """
    demande = ctx.courante
    _exiger_signataire(ctx, demande)
    if lecture.a_signe(demande, ctx.acteur):
        raise Refus("deja_signe")
    etapes.exiger_etat(demande, (Etat.EN_ATTENTE_SIGNATURE,))
    metier = METIER[Role(ctx.acteur.role)]
    en_cours = lecture.decision_du_tour(demande)
    vivantes = lecture.signatures_vivantes(en_cours) if en_cours else []
    _exiger_dissidence(ctx, demande, metier)
    _juger_issue(demande, issue, metier, en_cours if vivantes else None, vivantes)
    if not vivantes:
        donnees = {
            "motifs": motifs,
            "ce_qui_changerait": ce_qui_changerait,
            "date_effet": date_effet,
            "justification_date": justification_date,
            "reexamen_le": reexamen_le,
            "contrainte_temporaire_mois": contrainte_temporaire_mois,
            "phrases_motifs": phrases_motifs,
            "orientation": orientation,
        }
        en_cours = _preparer(ctx, demande, en_cours, issue, donnees)
    else:
        verifier.parmi("issue", issue, (Issue.RECONNUE, Issue.NON_RECONNUE))
    if en_cours is None:
        raise Refus("etat_interdit")
    _poser(ctx, demande, en_cours, len(vivantes) + 1, attestes)
    return en_cours


def _poser(ctx: Contexte, demande: Demande, en_cours: Decision, signatures: int, attestes: Any) -> None:
    """Note les documents attestés et pose la signature; `signatures` : combien la décision en porte avec elle."""
    attester(ctx, demande, attestes)
    metier = METIER[Role(ctx.acteur.role)]
    Signature.objects.create(decision=en_cours, signataire=ctx.acteur, metier=metier, le=ctx.instant)
    ctx.participer(demande, "signature")
    _sceller_si_complete(ctx, demande, en_cours, signatures)


def _sceller_si_complete(ctx: Contexte, demande: Demande, en_cours: Decision, signatures: int) -> None:
    """Deux signatures scellent une décision évaluée; une seule, les autres voies."""
    complete = signatures == (2 if demande.voie == Voie.EVALUEE else 1)
    if complete:
        etapes.changer(ctx, demande, "decider", en_cours.issue)
        sceller(ctx, en_cours)
    ctx.details["issue_signee"] = complete


def _exiger_dissidence(ctx: Contexte, demande: Demande, metier: str) -> None:
    """Un tiers ne signe qu'à la place du dissident de son métier; ailleurs, `etat_interdit`."""
    tiers = Attribution.objects.filter(
        demande=demande, qui=ctx.acteur, qualite=Attribution.Qualite.TIERS, au__isnull=True
    )
    if not tiers.exists():
        return
    projet = lecture.projet_du_tour(demande)
    if projet is None or metier not in projet.contenu.get("dissidence", []):
        raise Refus("etat_interdit")


def _juger_issue(
    demande: Demande, issue: Any, metier: str, en_cours: Decision | None, vivantes: list[Signature]
) -> None:
    """Rang 6 : l'issue est permise par la voie, n'en contredit pas une déjà signée, et le titre est libre."""
    if any(signature.metier == metier for signature in vivantes):
        raise Refus("etat_interdit")
    connue = isinstance(issue, str) and issue in (Issue.RECONNUE, Issue.NON_RECONNUE)
    if connue and not regles.issue_permise(demande.voie, issue):
        raise Refus("etat_interdit")
    if connue and en_cours is not None and en_cours.issue != issue:
        raise Refus("etat_interdit")


def _exigences_propres(demande: Demande, issue: Any, donnees: dict[str, Any]) -> None:
    """Rang 7 de la première signature."""
    if issue == Issue.RECONNUE and not (donnees["date_effet"] and donnees["justification_date"]):
        raise Refus("justification_absente", champ="justification_date")
    if issue == Issue.NON_RECONNUE:
        if not donnees["motifs"]:
            raise Refus("motif_absent", champ="motifs")
        if not occasion_offerte(demande):
            raise Refus("occasion_non_offerte")


def _preparer(
    ctx: Contexte, demande: Demande, ancienne: Decision | None, issue: Any, donnees: dict[str, Any]
) -> Decision:
    """Vérifie et écrit la décision que porte la première signature du tour."""
    _exigences_propres(demande, issue, donnees)
    projet = lecture.projet_du_tour(demande)
    verifier.exiger("issue", issue)
    if projet is not None and projet.reexamen_mois:
        verifier.exiger("reexamen_le", donnees["reexamen_le"])
    mois = donnees["contrainte_temporaire_mois"]
    champs: dict[str, Any] = {
        "projet": projet,
        "voie": demande.voie,
        "issue": verifier.parmi("issue", issue, (Issue.RECONNUE, Issue.NON_RECONNUE)),
        "motifs": verifier.codes(
            "motifs", donnees["motifs"], verifier.codes_de(referentiels.motifs(demande.jour_depot)), requis=False
        ),
        "ce_qui_changerait": verifier.codes(
            "ce_qui_changerait",
            donnees["ce_qui_changerait"],
            verifier.codes_de(referentiels.elements(demande.jour_depot)),
            requis=False,
        ),
        "date_effet": effet.lire(donnees["date_effet"], ctx.jour, requis=False),
        "justification_date": verifier.texte(
            "justification_date", donnees["justification_date"], requis=False, maximum=300
        ),
        "reexamen_le": verifier.une_date("reexamen_le", donnees["reexamen_le"], requis=False),
        "contrainte_temporaire_mois": verifier.entier("contrainte_temporaire_mois", mois) if mois else None,
        "preparee_le": ctx.instant,
    }
    champs["phrases_json"] = complements.phrases(donnees["phrases_motifs"], champs["motifs"], demande.jour_depot)
    champs["orientation"] = complements.orientation(donnees["orientation"], ctx.jour)
    preparee = ancienne or Decision(demande=demande, tour=demande.tour)
    for champ, valeur in champs.items():
        setattr(preparee, champ, valeur)
    preparee.save()
    effet.consigner(preparee, ctx.acteur, ctx.instant)
    return preparee


def sceller(ctx: Contexte, decision: Decision) -> None:
    """Scelle la décision et fait naître sa lettre, sans date, dans la même transaction."""
    decision.scellee_le = ctx.instant
    decision.severe_non_permanente = complements.severe_non_permanente(decision)
    decision.save(update_fields=["scellee_le", "severe_non_permanente"])
    qualite.tirer(decision, ctx.instant)
    ctx.echeances_a_revoir = True
    preparer_lettre(
        lettres.modele_de(decision),
        dossier=ctx.dossier,
        demande=decision.demande,
        destinataire=ctx.dossier.prestataire,
        cause=decision,
        contenu=lettres.contenu_decision(decision),
    )


def annuler_signature(ctx: Contexte, demande: Demande, personne: Any) -> None:
    """Annule la signature d'un évaluateur remplacé, au tour en cours."""
    Signature.objects.filter(
        decision__demande=demande,
        decision__tour=demande.tour,
        decision__scellee_le__isnull=True,
        signataire=personne,
        annulee_le__isnull=True,
    ).update(annulee_le=ctx.instant)
