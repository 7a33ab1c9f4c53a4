"""Lettres de décision : contenu figé à la signature; retours au clinicien et échéances à l'émission."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from correspondance.models import Lettre
from correspondance.registre import ModeleLettre, inscrire
from decisions import lecture
from decisions.models import Decision, Issue, RetourClinicien
from dossiers.actes.consentements import COMMUNIQUER, consentement_vivant
from dossiers.echeances import Calculee
from dossiers.etats import Balle, Voie
from dossiers.lettres import contexte, elements_en_clair
from dossiers.models import Demande, Dossier, Echeance, Piece, Tache
from formulaires.models import SR2105, RapportMedical, Substitut
from referentiels import lecture as referentiels
from referentiels import regles as calendrier
from socle import horloge

MODELES = {
    "acceptation": "Votre demande est acceptée",
    "refus": "Votre demande de reconnaissance",
    "refus_reconduit": "Votre nouvelle demande de reconnaissance",
    "contrainte_temporaire": "Une contrainte temporaire est reconnue",
}


def modele_de(decision: Decision) -> str:
    """Modèle de lettre de l'issue et de la voie."""
    if decision.issue == Issue.NON_RECONNUE:
        return "refus_reconduit" if decision.voie == Voie.RECONDUITE else "refus"
    return lecture.LETTRE_PAR_ISSUE[Issue(decision.issue)]


def pieces_lues(demande: Demande) -> list[dict[str, str]]:
    """Tout ce qui a été lu : titre, auteur, date; rapports, renseignements, substituts et pièces."""
    lues: list[tuple[Any, dict[str, str]]] = []
    for rapport in RapportMedical.objects.filter(demande=demande).select_related("signataire"):
        titre = "Rapport médical (SR-2100)" + (f", version {rapport.version}" if rapport.version > 1 else "")
        lues.append((rapport.signe_le, {"titre": titre, "auteur": rapport.signataire.nom_complet}))
    lues += [
        (substitut.date, {"titre": substitut.get_nature_display(), "auteur": ""})
        for substitut in Substitut.objects.filter(demande=demande)
    ]
    derniere = SR2105.objects.filter(dossier=demande.dossier).order_by("-version").first()
    if derniere is not None:
        jour = horloge.jour_civil(derniere.depose_le)
        lues.append((jour, {"titre": "Renseignements complémentaires (SR-2105)", "auteur": "vous"}))
    pieces = Piece.objects.filter(dossier=demande.dossier).exclude(verification=Piece.Verification.REFUSEE)
    for piece in pieces.select_related("versee_par"):
        jour = horloge.jour_civil(piece.versee_le)
        lues.append((jour, {"titre": piece.titre, "auteur": piece.versee_par.nom_complet}))
    return [{**ligne, "date": jour.isoformat()} for jour, ligne in sorted(lues, key=lambda paire: paire[0])]


def contenu_decision(decision: Decision) -> dict[str, Any]:
    """Tout ce que la lettre dira : issue, motifs, questions, pièces lues, ce qui changerait, dates."""
    jour = horloge.jour_civil(decision.preparee_le)
    return {
        "issue": decision.issue,
        "voie": decision.voie,
        "demande_du": decision.demande.jour_depot.isoformat(),
        "motifs": [
            {
                "code": motif.code,
                "libelle": motif.libelle,
                "texte": motif.texte_lettre,
                "texte_en": motif.texte_lettre_en,
            }
            for motif in (referentiels.motif(code, jour) for code in decision.motifs)
        ],
        "ce_qui_changerait": elements_en_clair(decision.ce_qui_changerait, jour),
        "questions": decision.projet.contenu.get("questions", []) if decision.projet else [],
        "pieces_lues": pieces_lues(decision.demande),
        "date_effet": decision.date_effet.isoformat() if decision.date_effet else "",
        "justification_date": decision.justification_date,
        "reexamen_le": decision.reexamen_le.isoformat() if decision.reexamen_le else "",
        "contrainte_temporaire_mois": decision.contrainte_temporaire_mois,
        "diagnostic_evident": decision.projet.contenu.get("diagnostic", "") if decision.projet else "",
        "duree_severe_mois": referentiels.regle("duree_severe_mois", decision.demande.jour_depot),
    }


def contexte_decision(lettre: Lettre) -> dict[str, Any]:
    """Contenu figé, plus l'échéance de révision que fixe la date d'émission."""
    return {**contexte(lettre), "echeance_revision": echeance_revision(lettre)}


def echeance_revision(lettre: Lettre) -> calendrier.Echeance | None:
    """Dernier jour pour demander la révision : émission + réception (présumée ou prouvée) + délai daté."""
    if lettre.jour_emission is None:
        return None
    le = lettre.jour_emission
    return calendrier.echeance_demander_revision(
        le,
        int(referentiels.regle("reception_presumee_jours", le)),
        int(referentiels.regle("delai_demande_revision_jours", le)),
        referentiels.feries(le),
        prouvee=lettre.recue_prouvee_le,
    )


def echeances_de_decision(dossier: Dossier) -> Iterable[Calculee]:
    """Échéances nées des décisions : demander la révision, réexamen."""
    decisions = Decision.objects.filter(demande__dossier=dossier, scellee_le__isnull=False).select_related("demande")
    for decision in decisions:
        lettre = lecture.lettre_de(decision)
        calculee = echeance_revision(lettre) if lettre is not None else None
        if calculee is not None:
            yield Calculee(decision.demande, Echeance.Code.DEMANDER_REVISION, calculee.date, calculee.calcul)
        if decision.reexamen_le is not None:
            feries = referentiels.feries(decision.reexamen_le)
            jour = calendrier.jour_ouvrable_suivant(decision.reexamen_le, feries)
            yield Calculee(decision.demande, Echeance.Code.REEXAMEN, jour, "date fixée à la décision")


def apres_emission(lettre: Lettre) -> None:
    """La décision devient dite : date sur la demande, retours aux signataires, appel à offrir."""
    decision = Decision.objects.select_related("demande__dossier").get(pk=lettre.cause_id)
    Demande.objects.filter(pk=decision.demande_id).update(decision_emise_le=lettre.jour_emission)
    if consentement_vivant(decision.demande.dossier, COMMUNIQUER):
        signataires = dict.fromkeys(
            RapportMedical.objects.filter(demande=decision.demande)
            .order_by("version")
            .values_list("signataire_id", flat=True)
        )
        for signataire in signataires:
            RetourClinicien.objects.get_or_create(
                decision=decision,
                clinicien_id=signataire,
                defaults={
                    "emis_le": lettre.emise_le or horloge.maintenant(),
                    "issue": decision.issue,
                    "elements": decision.ce_qui_changerait,
                },
            )
    if decision.issue == Issue.NON_RECONNUE:
        Tache.objects.get_or_create(
            dossier=decision.demande.dossier,
            demande=decision.demande,
            code=Tache.Code.DECISION_A_EXPLIQUER,
            close_le=None,
            defaults={
                "pour": Balle.AGENT,
                "nee_le": lettre.emise_le or horloge.maintenant(),
                "avant_le": lettre.recue_presumee_le,
            },
        )


def inscrire_modeles() -> None:
    """Inscrit les lettres de décision au registre."""
    for code, sujet in MODELES.items():
        inscrire(
            ModeleLettre(
                code=code,
                gabarit=f"lettres/{code}.html",
                contexte=contexte_decision,
                apres_emission=apres_emission,
                sujet=sujet,
            )
        )
