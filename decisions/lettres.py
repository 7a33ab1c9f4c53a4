"""Lettres de décision : contenu figé à la signature; retours au clinicien et échéances à l'émission."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from correspondance.models import Lettre
from correspondance.registre import ModeleLettre, inscrire
from decisions import annexes, complements, lecture, phrases, temporaires
from decisions.contenus import age
from decisions.models import Decision, Issue, RetourClinicien
from decisions.pieces import pieces_lues
from dossiers import phrases as mots_de_lettre
from dossiers.actes.consentements import COMMUNIQUER, consentement_vivant
from dossiers.echeances import Calculee
from dossiers.etats import Balle, Voie
from dossiers.lettres import contexte, elements_en_clair
from dossiers.models import Demande, Dossier, Echeance, Tache
from formulaires.models import RapportMedical
from referentiels import echeances
from referentiels import lecture as referentiels
from referentiels import regles as calendrier
from referentiels.models import Motif
from socle import horloge
from socle.dates_en_mots import date_longue

MODELES = {
    "acceptation": ("Votre demande est acceptée", "Your request is accepted"),
    "refus": ("Votre demande de reconnaissance", "Your request for recognition"),
    "refus_reconduit": ("Votre nouvelle demande de reconnaissance", "Your new request for recognition"),
    "contrainte_temporaire": ("Une contrainte temporaire est reconnue", "A temporary constraint is recognized"),
}


def modele_de(decision: Decision) -> str:
    """Modèle de lettre de l'issue et de la voie."""
    if decision.issue == Issue.NON_RECONNUE:
        return "refus_reconduit" if decision.voie == Voie.RECONDUITE else "refus"
    return lecture.LETTRE_PAR_ISSUE[Issue(decision.issue)]


def contenu_decision(decision: Decision) -> dict[str, Any]:
    """Tout ce que la lettre dira : issue, motifs, questions, pièces lues, ce qui changerait, dates, signatures."""
    jour = decision.demande.jour_depot  # les mots et les listes du régime de la demande
    projet = decision.projet.contenu if decision.projet else {}
    precedente = lecture.refus_evalue_avant(decision.demande) if decision.voie == Voie.RECONDUITE else None
    dites = complements.lire_phrases(decision)
    return {
        "issue": decision.issue,
        "voie": decision.voie,
        "demande_du": decision.demande.jour_depot.isoformat(),
        "motifs": [
            _motif_fige(referentiels.motif(code, jour)) | {"phrase": dites.get(code, "")} for code in decision.motifs
        ],
        "ce_qui_changerait": elements_en_clair(decision.ce_qui_changerait, jour),
        "questions": projet.get("questions", []),
        "age": age.contenu(decision, projet),
        "pieces_lues": pieces_lues(decision.demande),
        "date_effet": decision.date_effet.isoformat() if decision.date_effet else "",
        "justification_date": decision.justification_date,
        "reexamen_le": decision.reexamen_le.isoformat() if decision.reexamen_le else "",
        "contrainte_temporaire_mois": decision.contrainte_temporaire_mois,
        "diagnostic_evident": projet.get("diagnostic", ""),
        "signataires": [
            {"nom": une.signataire.nom_complet, "metier": une.metier} for une in lecture.signatures_vivantes(decision)
        ],
        "appel_le": _jour_appel(decision.demande) if precedente else "",
        "precedente": contenu_decision(precedente) if precedente else {},
        "annexes": annexes.de_la_decision(decision),
        "orientation": complements.orientation_figee(decision.orientation, horloge.jour_civil(decision.preparee_le)),
    }


def _motif_fige(motif: Motif) -> dict[str, str]:
    return {
        "code": motif.code,
        "question": motif.question,
        "libelle": motif.libelle,
        "texte": motif.texte_lettre,
        "texte_en": motif.texte_lettre_en,
    }


def _jour_appel(demande: Demande) -> str:
    """Jour du dernier appel où la personne a confirmé sa situation."""
    appel = demande.appels_confirmation.order_by("-pk").first()
    return horloge.jour_civil(appel.le).isoformat() if appel else ""


def contexte_decision(lettre: Lettre) -> dict[str, Any]:
    """Contenu dit dans la langue de la lettre, et l'échéance de révision que fixe la date d'émission."""
    commun = contexte(lettre)
    echeance = echeance_revision(lettre)
    jour = lettre.demande.jour_depot if lettre.demande else horloge.aujourd_hui()
    return {
        **commun,
        **phrases.decision(lettre.contenu, questions_posees(jour, lettre.langue), commun["anglais"]),
        "age": age.dire(lettre.contenu, commun["anglais"]),
        "echeance_revision": echeance,
        "calcul_revision": mots_de_lettre.calcul(echeance, commun["anglais"]),
    }


def questions_posees(jour: date, langue: str) -> dict[str, str]:
    """Les trois questions de la loi, dans les mots en vigueur le jour de la demande."""
    return {code: referentiels.vocabulaire(f"question_{code}", jour, langue) for code in phrases.QUESTIONS}


def echeance_revision(lettre: Lettre) -> calendrier.Echeance | None:
    """Dernier jour pour demander la révision : émission + réception (présumée ou prouvée) + délai daté."""
    if lettre.jour_emission is None:
        return None
    return echeances.demander_revision(lettre.jour_emission, lettre.recue_prouvee_le)


def echeances_de_decision(dossier: Dossier) -> Iterable[Calculee]:
    """Échéances nées des décisions : demander la révision, réexamen, fin d'une contrainte temporaire."""
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
    yield from _fin_temporaire(dossier)


def _fin_temporaire(dossier: Dossier) -> Iterable[Calculee]:
    """Dernier jour de la contrainte temporaire en vigueur; aucune si une décision plus récente l'a suivie.

    Jamais reportée à un jour ouvrable : c'est un dernier jour de droit, pas un délai.
    """
    derniere = temporaires.suite(dossier).derniere
    if derniere is not None:
        decision, periode = derniere
        calcul = f"{decision.contrainte_temporaire_mois} mois à partir du {date_longue(periode.debut)}"
        yield Calculee(decision.demande, Echeance.Code.FIN_TEMPORAIRE, periode.fin, calcul)


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
    if decision.issue == Issue.NON_RECONNUE or decision.demande.dossier.veut_un_appel:
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
    for code, (sujet, sujet_en) in MODELES.items():
        inscrire(
            ModeleLettre(
                code=code,
                gabarit=f"lettres/{code}.html",
                contexte=contexte_decision,
                apres_emission=apres_emission,
                sujet=sujet,
                sujet_en=sujet_en,
            )
        )
