"""Les étapes qu'un récit enchaîne : du dépôt à la décision, puis la révision et le Tribunal."""

from __future__ import annotations

from typing import Any

from django.core.files.base import ContentFile

from cse.demo.grilles import GRILLES
from cse.demo.recit import Jour, Recit
from cse.demo.textes import AVIS, NATURES, PARCOURS, SANTES, TEMOIGNAGES
from formulaires.actes.rapports import assembler
from formulaires.regles import empreinte_contenu

JOINDRE, COMMUNIQUER, ENTOURAGE = "joindre_clinicien", "communiquer_decision_clinicien", "joindre_entourage"


def depot(r: Recit, *, canal: str = "en_ligne", type_: str = "initiale", pris: bool = True) -> Recit:
    """La demande est reçue; l'accusé part le soir même, et un agent la prend (sauf `pris=False`)."""
    par = "agent" if canal in ("telephone", "comptoir") else "personne"
    r.fait(par, "deposer_demande", "09:12", canal=canal, type=type_)
    r.fait(par, "consentir", objet=JOINDRE).fait(par, "consentir", objet=COMMUNIQUER)
    r.fait("systeme", "emettre_lettres", "17:30")
    if pris and par == "personne":
        r.apres(1).fait("agent", "prendre_dossier", "08:40")
    return r


def invite(r: Recit, clinicien: str = "clinicien") -> Recit:
    """Le professionnel de la santé est invité."""
    return r.apres(1).fait("agent", "inviter_clinicien", "10:05", clinicien=clinicien)


def rapport(r: Recit, sante: str, apres: int = 6, clinicien: str = "clinicien", **change: Any) -> Recit:
    """Le rapport médical est signé."""
    return r.apres(apres).fait(clinicien, "signer_sr2100", "12:25", **{**SANTES[sante].rapport(), **change})


def parcours(r: Recit, rang: int = 0, par: str = "personne") -> Recit:
    """Les renseignements complémentaires sont déposés."""
    dit = PARCOURS[rang % len(PARCOURS)]
    r.apres(2).fait(par, "deposer_sr2105", "19:40", **dit)
    if "appel permis : oui" in dit.get("personnes_a_joindre", ""):
        r.fait(par, "consentir", objet=ENTOURAGE)
    return r


def temoigne(r: Recit, rang: int, par: str = "personne") -> Recit:
    """La personne, ou quelqu'un pour elle, verse un texte au dossier."""
    titre, texte = TEMOIGNAGES[rang % len(TEMOIGNAGES)]
    return r.fait(par, "verser_piece", "20:10", nature=NATURES[0], titre=titre, texte=texte)


def numerise(r: Recit, titre: str, octets: bytes) -> Recit:
    """L'agent verse un document numérisé; sa vérification se fait comme pour tout envoi, dans la minute."""
    recu = ContentFile(octets, "numerise.pdf")
    return r.fait("agent", "verser_piece", "20:30", nature="Autre document", titre=titre, fichier=recu)


def complet(r: Recit, sante: str, rang: int = 0, **canal: Any) -> Recit:
    """Du dépôt au dossier complet."""
    parcours(rapport(invite(depot(r, **canal)), sante), rang)
    return r.apres(2).fait("agent", "declarer_complet", "09:05")


def transmis(r: Recit, sante: str, rang: int = 0, **canal: Any) -> Recit:
    """Jusqu'à la transmission au centre d'évaluation."""
    return complet(r, sante, rang, **canal).fait("agent", "transmettre_csems", "09:20")


def en_evaluation(r: Recit, sante: str, rang: int = 0, attente: int = 9) -> Recit:
    """Le médecin et le spécialiste prennent le dossier."""
    transmis(r, sante, rang).apres(attente).fait("medecin", "prendre_en_evaluation", "08:50")
    return r.fait("specialiste", "prendre_en_evaluation", "09:15")


def avis(r: Recit, qui: str, sens: str, pieces: tuple[str, ...] = ("sr2100", "sr2105")) -> Recit:
    """Un évaluateur rend son avis."""
    oui = "oui" if sens == "reconnaitre" else "non"
    return r.apres(3).fait(
        qui,
        "rendre_avis",
        "11:10",
        questions={"atteinte": "oui", "duree": oui, "socioprofessionnel": oui},
        texte=AVIS[sens][qui == "specialiste"],
        pieces_citees=list(pieces),
        recommandation=sens,
        grille=GRILLES[sens]["specialiste" if qui == "specialiste" else "medecin"],
    )


def en_concertation(r: Recit, sante: str, rang: int, medecin: str, specialiste: str) -> Recit:
    """Les deux avis sont rendus."""
    return avis(avis(en_evaluation(r, sante, rang), "medecin", medecin), "specialiste", specialiste)


def en_signature(r: Recit, sante: str, rang: int, sens: str) -> Recit:
    """Les deux évaluateurs s'entendent."""
    en_concertation(r, sante, rang, sens, sens)
    return r.apres(2).fait("medecin", "conclure_concertation", "10:00", accord="oui")


def reconnue(r: Recit, sante: str, rang: int = 0, emise: bool = True) -> Recit:
    """Contraintes reconnues, deux signatures; la lettre part le soir."""
    en_signature(r, sante, rang, "reconnaitre").apres(1)
    r.fait(
        "medecin",
        "signer_decision",
        "10:20",
        issue="reconnue",
        motifs=["effet_cumulatif"] if SANTES[sante].effet_cumulatif else ["atteinte_et_duree_etablies"],
        date_effet=Jour(0),
        justification_date="date de la demande",
    )
    r.fait("specialiste", "signer_decision", "14:45", issue="reconnue")
    return r.fait("systeme", "emettre_lettres", "17:30") if emise else r


def refusee(r: Recit, sante: str, rang: int = 0, *, mois: int = 0, repond: bool = True) -> Recit:
    """Occasion de compléter, puis refus motivé; `mois` y ajoute une contrainte temporaire."""
    en_signature(r, sante, rang, "ne_pas_reconnaitre")
    manque = ["duree_limitations", "traitements_essayes"]
    r.fait(
        "specialiste",
        "offrir_occasion",
        "13:30",
        elements=manque,
        jusqu_au=r.dans(14),
        appel_note="Appel fait : ce qui manque a été expliqué, avec le temps pour répondre.",
    )
    r.fait("systeme", "emettre_lettres", "17:30")
    if repond:
        r.apres(6).fait("personne", "repondre_occasion", "20:30", texte="J'ai tout dit. Mon médecin pourrait préciser.")
    r.apres(10)
    r.fait(
        "medecin",
        "signer_decision",
        "10:20",
        issue="non_reconnue",
        motifs=["duree_non_etablie"],
        ce_qui_changerait=manque,
        **({"contrainte_temporaire_mois": mois} if mois else {}),
    )
    r.fait("specialiste", "signer_decision", "15:05", issue="non_reconnue")
    return r.fait("systeme", "emettre_lettres", "17:30")


def evidente(r: Recit, sante: str, code: str, **plus: Any) -> Recit:
    """Diagnostic identique à la liste : l'agent reconnaît et signe."""
    parcours(rapport(invite(depot(r)), sante, 4), 1)
    r.apres(1).fait("agent", "declarer_complet", "09:00")
    r.fait("agent", "reconnaitre_evident", "09:10", diagnostic=code)
    r.fait(
        "agent",
        "signer_decision",
        "09:40",
        issue="reconnue",
        motifs=["diagnostic_evident"],
        date_effet=Jour(0),
        justification_date="date de la demande",
        **plus,
    )
    return r.fait("systeme", "emettre_lettres", "17:30")


def temporaire(r: Recit, sante: str, mois: int) -> Recit:
    """Contrainte temporaire demandée telle par le rapport, après le dépôt."""
    rapport(invite(r), sante, 3).apres(1).fait("agent", "declarer_complet", "09:00")
    return r.fait("agent", "accorder_temporaire", "09:15", mois=mois).fait("systeme", "emettre_lettres", "17:30")


def renouvelee(r: Recit, sante: str, mois: int) -> Recit:
    """La clinique est interrogée près de la fin, puis confirme en une minute."""
    vu = empreinte_contenu(assembler(SANTES[sante].rapport()))
    r.apres(60).fait("systeme", "attendre", "06:00").apres(2)
    return r.fait("clinicien", "renouveler_temporaire", "12:15", mois=mois, rapport_vu=vu)


def en_revision(r: Recit, apres: int = 20, par: str = "personne") -> Recit:
    """La révision est demandée, et deux réviseurs y sont affectés."""
    r.apres(apres).fait(par, "demander_revision", "16:20", motifs="La durée n'a pas été comprise; rien n'a guéri.")
    r.fait("systeme", "emettre_lettres", "17:30")
    return r.apres(2).fait("chef_drra", "affecter_reviseur", "09:00", medecin="med_drra", specialiste="soc_drra")


def recevable(r: Recit) -> Recit:
    """Recevabilité jugée, entrevue tenue."""
    r.apres(3).fait("med_drra", "juger_recevabilite", "10:00", recevable="oui")
    note = "Quarante minutes au téléphone; la personne décrit une journée ordinaire et ce qui a changé."
    return r.apres(4).fait("soc_drra", "tenir_entrevue", "13:30", mode="Téléphone", note=note)


def revisee(r: Recit, issue: str) -> Recit:
    """La décision en révision est rendue et émise."""
    recevable(r).apres(5)
    change: dict[str, Any] = {}
    if issue != "confirmee":
        change = {
            "ce_qui_differe": "La durée est maintenant établie par une pièce que la première instance n'avait pas.",
            "cause": "preuve_nouvelle",
            "date_effet": Jour(0) if issue == "infirmee" else r.dans(-30),
        }
    r.fait("med_drra", "rendre_revision", "10:10", issue=issue, **change)
    r.fait("soc_drra", "rendre_revision", "11:40", issue=issue)
    return r.fait("systeme", "emettre_lettres", "17:30")


def mandate(r: Recit, *portees: str, jusqu_au: Jour, confirme: bool = True, medical: bool = False) -> Recit:
    """Une personne-ressource propose un mandat; la personne le confirme ou pas."""
    r.fait("ressource", "proposer_mandat", "11:00", portees=list(portees), jusqu_au=jusqu_au)
    if confirme:
        ajout = {"portees_ajoutees": ["voir_rapport_medical"]} if medical else {}
        r.fait("personne", "confirmer_mandat", "18:15", **ajout)
    return r


def demande_a(r: Recit, qui: str, elements: list[str], par: str = "agent") -> Recit:
    """Un renseignement manque; le dossier attend. La lettre part le soir."""
    r.fait(par, "demander_renseignement", "10:30", elements=elements, a=qui)
    return r.fait("systeme", "emettre_lettres", "17:30")
