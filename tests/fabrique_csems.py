"""Mener un dossier fictif, par les actes mêmes de l'interface, jusqu'à une étape nommée."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from typing import Any

from django.test import Client

from comptes.models import Bureau, Compte, Permis, Role, Unite
from correspondance.actes import emettre_tout
from correspondance.composition import sans_pdf
from dossiers.actes.demandes import ouvrir_dossier
from dossiers.models import Dossier
from dossiers.porte import executer
from socle import horloge

_rang = count(1)
RAPPORT: dict[str, Any] = {
    "diagnostics": [{"libelle": "Trouble panique", "code": "F41.0", "principal": True}],
    "limitations": [{"domaine": "emotions", "niveau": "moderee"}],
    "duree": {"type": "indeterminee"},
    "contrainte": "severe",
}
QUESTIONS = {"atteinte": "oui", "duree": "inconnu", "socioprofessionnel": "non"}


@dataclass
class Equipe:
    """Les personnes d'un essai."""

    bureau: Bureau
    agent: Compte
    clinicien: Compte
    medecin: Compte
    specialiste: Compte
    chef_drra: Compte
    medecin_drra: Compte
    specialiste_drra: Compte


def compte(role: str, prenom: str, **champs: Any) -> Compte:
    """Un compte fictif."""
    return Compte.objects.create_user(
        email=f"{prenom.lower()}.{next(_rang)}@exemple.invalid", prenom=prenom, nom="Fictif", role=role, **champs
    )


def creer_equipe() -> Equipe:
    """Une équipe neuve, et son bureau."""
    bureau = Bureau.objects.create(code=f"essai-{next(_rang)}", nom="Bureau fictif", region="06")
    clinicien = compte(Role.CLINICIEN, "Eve")
    Permis.objects.create(compte=clinicien, titre="ips", numero="00000")
    return Equipe(
        bureau,
        compte(Role.AGENT, "Agathe", bureau=bureau),
        clinicien,
        compte(Role.MEDECIN_CSEMS, "Armand"),
        compte(Role.SPECIALISTE_CSEMS, "Clemence"),
        compte(Role.CHEF_EQUIPE, "Chantal", unite=Unite.DRRA),
        compte(Role.MEDECIN_DRRA, "Irene"),
        compte(Role.SPECIALISTE_DRRA, "Octave"),
    )


def transmis(equipe: Equipe) -> Dossier:
    """Un dossier complet, transmis au centre d'évaluation."""
    personne = compte(Role.PRESTATAIRE, "Alizee")
    dossier = ouvrir_dossier(
        personne, acteur=equipe.agent, bureau_id=equipe.bureau.pk, region="06", naissance=date(1986, 1, 30)
    )

    def jouer(nom: str, acteur: Compte, **donnees: Any) -> None:
        executer(nom, acteur=acteur, dossier=dossier, **donnees)

    jouer("deposer_demande", personne, canal="en_ligne", type="initiale")
    jouer("consentir", personne, objet="joindre_clinicien")
    jouer("inviter_clinicien", equipe.agent, clinicien=equipe.clinicien)
    jouer("signer_sr2100", equipe.clinicien, **RAPPORT)
    jouer(
        "deposer_sr2105",
        personne,
        scolarite="DEP",
        emplois="Coiffeuse",
        hospitalisations="aucune",
        suivis="Aucun",
        situation="Seule",
    )
    jouer("declarer_complet", equipe.agent)
    jouer("transmettre_csems", equipe.agent)
    dossier.refresh_from_db()
    return dossier


def pris(equipe: Equipe) -> Dossier:
    """Un dossier saisi par les deux évaluateurs."""
    dossier = transmis(equipe)
    for personne in (equipe.medecin, equipe.specialiste):
        executer("prendre_en_evaluation", acteur=personne, dossier=dossier)
    return dossier


def avis(personne: Compte, dossier: Dossier, **change: Any) -> None:
    """Rend un avis complet."""
    donnees: dict[str, Any] = {
        "questions": QUESTIONS,
        "texte": "Avis fictif.",
        "pieces_citees": ["sr2100"],
        "recommandation": "ne_pas_reconnaitre",
        "raisons": {"duree": f"La durée n'est pas écrite, selon {personne.prenom}."},
    }
    executer("rendre_avis", acteur=personne, dossier=dossier, **{**donnees, **change})


def en_concertation(equipe: Equipe) -> Dossier:
    """Les deux avis sont rendus."""
    dossier = pris(equipe)
    avis(equipe.medecin, dossier)
    avis(equipe.specialiste, dossier)
    return dossier


def a_signer(equipe: Equipe, *, occasion: bool = True) -> Dossier:
    """La concertation est conclue; l'occasion est offerte et répondue, sauf avis contraire."""
    dossier = en_concertation(equipe)
    executer("conclure_concertation", acteur=equipe.medecin, dossier=dossier, accord="oui")
    if occasion:
        jusqu_au = horloge.aujourd_hui() + timedelta(days=10)
        executer(
            "offrir_occasion",
            acteur=equipe.specialiste,
            dossier=dossier,
            elements=["duree_limitations"],
            jusqu_au=jusqu_au,
            appel_note="Appel fait.",
        )
        executer("repondre_occasion", acteur=dossier.prestataire, dossier=dossier, texte="Rien d'autre.")
    return dossier


def refuse(equipe: Equipe) -> Dossier:
    """Un refus signé et émis."""
    dossier = a_signer(equipe)
    motifs: dict[str, Any] = {
        "issue": "non_reconnue",
        "motifs": ["duree_non_etablie"],
        "ce_qui_changerait": ["duree_limitations"],
    }
    executer("signer_decision", acteur=equipe.medecin, dossier=dossier, **motifs)
    executer("signer_decision", acteur=equipe.specialiste, dossier=dossier, issue="non_reconnue")
    with sans_pdf():
        emettre_tout()
    return dossier


def en_revision(equipe: Equipe, *, affectee: bool = True) -> Dossier:
    """Une révision demandée, affectée aux deux réviseurs."""
    dossier = refuse(equipe)
    executer("demander_revision", acteur=dossier.prestataire, dossier=dossier, motifs="Je ne peux pas rester debout.")
    if affectee:
        executer(
            "affecter_reviseur",
            acteur=equipe.chef_drra,
            dossier=dossier,
            medecin=equipe.medecin_drra,
            specialiste=equipe.specialiste_drra,
        )
    return dossier


def recevable(equipe: Equipe) -> Dossier:
    """Une révision jugée recevable."""
    dossier = en_revision(equipe)
    executer("juger_recevabilite", acteur=equipe.medecin_drra, dossier=dossier, recevable="oui")
    return dossier


def ayant_lu(reponse: Any) -> dict[str, Any]:
    """Ce que poste un signataire qui coche la case de la page montrée : la liste qu'il a eue sous les yeux."""
    page = reponse.content.decode()
    champs = {nom: re.findall(rf'name="{nom}" value="([^"]*)"', page) for nom in ("montre", "analyse")}
    return {"etape": "signer", "connaissance": "on", **{nom: valeurs for nom, valeurs in champs.items() if valeurs}}


def client_de(personne: Compte, *, confirmee: bool = False) -> Client:
    """Un client connecté; `confirmee` : l'identité vient d'être confirmée."""
    client = Client()
    client.force_login(personne)
    if confirmee:
        seance = client.session
        seance["account_authentication_methods"] = [{"method": "essai", "at": time.time(), "reauthenticated": True}]
        seance["account_authentication_methods_user"] = str(personne.pk)
        seance.save()
    return client
