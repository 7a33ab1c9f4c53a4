"""Lettres de la révision : accusé, décision en révision, irrecevabilité, avis de recours direct."""

from __future__ import annotations

from typing import Any

from comptes.models import Role
from correspondance.models import Lettre
from correspondance.registre import ModeleLettre, inscrire
from decisions import phrases
from decisions.contenus import age
from decisions.lecture import lettre_de
from decisions.lettres import contenu_decision, questions_posees
from dossiers import phrases as mots_de_lettre
from dossiers.etats import Etat
from dossiers.lettres import contexte
from dossiers.models import Alerte, Demande
from revision import lecture, reprise
from revision import phrases as dites
from revision.models import Observation, Revision
from socle import horloge

FIN = ("La révision de votre dossier est terminée", "The review of your file is finished")
MODELES = {
    "accuse_revision": ("Nous avons reçu votre demande de révision", "We have received your review request"),
    "decision_confirmee": FIN,
    "decision_modifiee": FIN,
    "decision_infirmee": FIN,
    "revision_irrecevable": ("Votre demande de révision", "Your review request"),
    "avis_recours_direct": ("Vous pouvez vous adresser au Tribunal", "You may go to the Tribunal"),
}
CAUSES = {
    "preuve_nouvelle": ("Nous avons lu des renseignements nouveaux.", "We read new information."),
    "erreur_appreciation": (
        "La première décision n'a pas bien pesé les renseignements.",
        "The first decision did not weigh the information well.",
    ),
    "renseignement_manquant": (
        "Il manquait un renseignement à la première décision.",
        "The first decision lacked a piece of information.",
    ),
}
DE_DECISION = lecture.MODELES_DE_DECISION


def contenu_accuse(revision: Revision) -> dict[str, Any]:
    """Date de réception, délai de réponse, ce que la personne peut encore faire."""
    return {
        "recue_le": revision.recue_le.isoformat(),
        "hors_delai": lecture.hors_delai(revision),
        "recours_direct": lecture.recours_direct(revision).date.isoformat(),
        "rendre_le": lecture.a_rendre(revision).date.isoformat(),
        "renvoi_du_taq": revision.renvoi_du_taq,
    }


def contenu_revision(revision: Revision) -> dict[str, Any]:
    """Issue, ce qui diffère et pourquoi, les réponses des réviseurs, les motifs en entier, les entrevues tenues."""
    entrevues = revision.entrevues.order_by("pk")
    return {
        "issue": revision.issue,
        "recevable": revision.recevable,
        "justification": revision.justification,
        "recue_le": revision.recue_le.isoformat(),
        "ce_qui_differe": revision.ce_qui_differe,
        "cause": revision.cause,
        "cause_libelle": revision.get_cause_display() if revision.cause else "",
        "date_effet": revision.date_effet.isoformat() if revision.date_effet else "",
        "motifs_de_la_personne": revision.motifs,
        "questions": _conclusions(revision),
        "entrevues": [
            {"le": horloge.jour_civil(entrevue.le).isoformat(), "mode": entrevue.mode} for entrevue in entrevues
        ],
        "observations": [
            horloge.jour_civil(le).isoformat()
            for le in Observation.objects.filter(revision=revision).order_by("pk").values_list("le", flat=True)
        ],
        "signataires": [
            {"nom": une.signataire.nom_complet, "metier": une.metier}
            for une in revision.signatures.filter(annulee_le__isnull=True).select_related("signataire").order_by("pk")
        ]
        or _juge_de_recevabilite(revision),
        "decision": contenu_decision(revision.decision),
        "decision_emise_le": _jour_de_la_decision(revision),
    }


def _conclusions(revision: Revision) -> list[dict[str, Any]]:
    """Les réponses des réviseurs et leurs raisons, dans l'ordre de la loi; vide si aucune analyse n'est portée."""
    analyse = revision.analyse
    return [
        {
            "question": question,
            "reponse": analyse["questions"][question],
            "raisons": [raison] if (raison := analyse["raisons"].get(question, "")) else [],
        }
        for question in phrases.QUESTIONS
        if question in analyse["questions"]
    ]


def _juge_de_recevabilite(revision: Revision) -> list[dict[str, str]]:
    """La personne qui a jugé la demande irrecevable signe seule la lettre."""
    juge = revision.recevabilite_par
    if juge is None:
        return []
    metier = "medecin" if juge.role == Role.MEDECIN_DRRA else "specialiste"
    return [{"nom": juge.nom_complet, "metier": metier}]


def _jour_de_la_decision(revision: Revision) -> str:
    """Jour d'émission de la première décision."""
    lettre = lettre_de(revision.decision)
    return lettre.jour_emission.isoformat() if lettre is not None and lettre.jour_emission else ""


def contenu_recours_direct(revision: Revision) -> dict[str, Any]:
    """Depuis quand la personne peut s'adresser au Tribunal, et pourquoi."""
    echeance = lecture.recours_direct(revision)
    return {
        "recue_le": lecture.depart(revision).jour.isoformat(),
        "dernier_jour": echeance.date.isoformat(),
        "calcul": echeance.calcul,
    }


def contexte_revision(lettre: Lettre) -> dict[str, Any]:
    """Contenu dit dans la langue de la lettre, et l'échéance au Tribunal que fixe la date d'émission."""
    commun = contexte(lettre)
    anglais, contenu = commun["anglais"], lettre.contenu
    echeance = lecture.echeance_taq(lettre)
    variables = {**commun, "echeance_taq": echeance, "calcul_taq": mots_de_lettre.calcul(echeance, anglais)}
    if "decision" not in contenu:
        return variables
    jour = lettre.demande.jour_depot if lettre.demande else horloge.aujourd_hui()
    premiere, posees = contenu["decision"], questions_posees(jour, lettre.langue)
    variables["premiere"] = {**premiere, **phrases.decision(premiere, posees, anglais)}
    variables["age"] = age.dire(premiere, anglais)
    # Une lettre née avant que la révision ne porte ses réponses n'a pas de `questions`; elle se lit comme avant.
    conclues = contenu.get("questions", [])
    variables["conclusions"] = dites.questions(conclues, premiere, posees, anglais)
    variables["raisons_tenues"] = dites.raisons(conclues, premiere, anglais)
    variables["vos_motifs"] = mots_de_lettre.abreger(contenu.get("motifs_de_la_personne", ""))
    variables["signataires"] = mots_de_lettre.signataires(contenu["signataires"], anglais)
    variables["cause_dite"] = mots_de_lettre.choisir(CAUSES.get(contenu["cause"], ("", "")), anglais)
    variables["ce_qui_differe"] = mots_de_lettre.abreger(contenu["ce_qui_differe"])
    variables["justification"] = mots_de_lettre.abreger(contenu["justification"])
    return variables


def apres_emission(lettre: Lettre) -> None:
    """La décision en révision devient dite; ses alertes tombent, et l'intérêt se vérifie si elle est renversée."""
    revision = Revision.objects.select_related("demande", "decision").get(pk=lettre.cause_id)
    Demande.objects.filter(pk=revision.demande_id).update(revision_emise_le=lettre.jour_emission)
    reprise.verifier_l_interet(revision, lettre)
    Alerte.objects.filter(
        dossier_id=revision.demande.dossier_id,
        code__in=Alerte.D_HORLOGE,
        close_le__isnull=True,
    ).update(close_le=lettre.emise_le)


def encore_en_revision(lettre: Lettre) -> bool:
    """L'avis de recours direct ne part plus si la révision a été rendue ou quittée entre-temps."""
    revision = Revision.objects.select_related("demande").get(pk=lettre.cause_id)
    return revision.est_ouverte and revision.demande.etat == Etat.EN_REVISION


def inscrire_modeles() -> None:
    """Inscrit les lettres de la révision au registre."""
    for code, (sujet, sujet_en) in MODELES.items():
        champs: dict[str, Any] = {"apres_emission": apres_emission} if code in DE_DECISION else {}
        if code == "avis_recours_direct":
            champs["encore_permis"] = encore_en_revision
        inscrire(
            ModeleLettre(
                code=code,
                gabarit=f"lettres/{code}.html",
                contexte=contexte_revision,
                sujet=sujet,
                sujet_en=sujet_en,
                **champs,
            )
        )
