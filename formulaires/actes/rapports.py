"""Signer, saisir ou remplacer le rapport médical; déposer les renseignements complémentaires."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from comptes.lecture import permis_valide, peut_signer_rapport
from comptes.models import Compte, Role
from dossiers import etapes
from dossiers import verification as verifier
from dossiers.actes.consentements import JOINDRE, exiger_consentement
from dossiers.etats import APRES_DECISION, Etat
from dossiers.models import Attribution, Demande, Tache
from dossiers.porte import Contexte, acte
from formulaires import coherence, regles
from formulaires.models import SR2105, RapportMedical, Substitut
from referentiels import lecture as referentiels
from socle.refus import Refus


def assembler(donnees: Mapping[str, Any]) -> dict[str, Any]:
    """Ne garde que les champs présents du rapport."""
    return {champ: donnees[champ] for champ in regles.CHAMPS_RAPPORT if donnees.get(champ) is not None}


def exiger_signataire(clinicien: Compte, le: date) -> None:
    """Lève `signataire_non_autorise` (rang 5) : titre et permis sont jugés à la date de la signature."""
    if not peut_signer_rapport(clinicien, le):
        raise Refus("signataire_non_autorise")


def juger_coherence(contenu: Mapping[str, Any], maintenus: Any, le: date) -> list[str]:
    """Lève `duree_incoherente` (rang 7) sauf si le signataire la maintient; rend les avertissements maintenus.

    Les autres règles qui interrompent ne refusent jamais l'acte : maintenues et déclenchées, elles avertissent.
    """
    seuil = int(referentiels.regle("duree_severe_mois", le))
    constats = coherence.juger(contenu, coherence.Parametres(jour=le, mois_severe=seuil))
    gardees = coherence.gardees(constats, maintenus)
    if regles.DUREE_INCOHERENTE in {un.code for un in constats} - set(gardees):
        raise Refus(regles.DUREE_INCOHERENTE, champ="duree")
    return gardees


def recevoir_rapport(
    ctx: Contexte,
    demande: Demande,
    clinicien: Compte,
    contenu: dict[str, Any],
    *,
    signe_le: date,
    origine: str,
    avertissements: list[str],
) -> RapportMedical:
    """Fige un rapport : version suivante, JSON canonique, SHA-256; rouvre l'évaluation s'il le faut."""
    permis = permis_valide(clinicien, signe_le)
    derniere = (
        RapportMedical.tous.filter(demande=demande).order_by("-version").values_list("version", flat=True).first()
    )
    rapport = RapportMedical.objects.create(
        demande=demande,
        version=(derniere or 0) + 1,
        signataire=clinicien,
        titre=permis.titre if permis else "",
        permis=permis.numero if permis else "",
        signe_le=signe_le,
        recu_le=ctx.instant,
        origine=origine,
        saisi_par=ctx.acteur if ctx.acteur.pk != clinicien.pk else None,
        contenu_json=regles.canonique(contenu),
        sha256=regles.empreinte_contenu(contenu),
        contrainte=str(contenu["contrainte"]),
        deterioration=bool(contenu.get("deterioration")),
        avertissements=avertissements,
    )
    etapes.attribuer(ctx, demande, clinicien, Attribution.Qualite.SIGNATAIRE, "a signé un rapport médical")
    if demande.etat in (*APRES_DECISION, Etat.FERMEE):
        etapes.creer_tache(ctx, Tache.Code.RAPPORT_APRES_DECISION, demande=demande)
    etapes.recevoir_nouveaute(ctx, demande)
    demande.brouillons.filter(formulaire="sr2100", pour=clinicien).delete()
    ctx.cible = demande
    ctx.details.update(version=rapport.version, sha256=rapport.sha256, avertissements=avertissements)
    return rapport


def verifier_contenu(contenu: Mapping[str, Any], le: date) -> None:
    """Rang 8 : le rapport porte tout ce qu'exige la signature, en valeurs connues à cette date."""
    regles.verifier_rapport(
        contenu, verifier.codes_de(referentiels.domaines(le)), verifier.codes_de(referentiels.niveaux(le))
    )


def recevoir_en_ligne(
    ctx: Contexte, demande: Demande, contenu: dict[str, Any], maintenir_malgre: Any
) -> RapportMedical:
    """Reçoit ce que l'acteur signe à l'écran, aujourd'hui; refus `duree_incoherente`, puis champs."""
    avertissements = juger_coherence(contenu, maintenir_malgre, ctx.jour)
    verifier_contenu(contenu, ctx.jour)
    return recevoir_rapport(
        ctx,
        demande,
        ctx.acteur,
        contenu,
        signe_le=ctx.jour,
        origine=RapportMedical.Origine.EN_LIGNE,
        avertissements=avertissements,
    )


@acte("signer_sr2100", "sr2100.signer", champs=regles.CHAMPS_RAPPORT)
def signer_sr2100(ctx: Contexte, *, maintenir_malgre: Any = None, **champs: Any) -> RapportMedical:
    """Le clinicien signe le SR-2100. Signé après une décision ou une fermeture, il est reçu et crée une tâche d'agent.

    Refus, dans l'ordre : `consentement_absent`, `signataire_non_autorise`, `duree_incoherente`, champs.
    """
    exiger_consentement(ctx.dossier, JOINDRE)
    exiger_signataire(ctx.acteur, ctx.jour)
    return recevoir_en_ligne(ctx, ctx.courante, assembler(champs), maintenir_malgre)


@acte("saisir_sr2100_papier", "sr2100.saisir", champs=regles.CHAMPS_RAPPORT)
def saisir_sr2100_papier(
    ctx: Contexte, *, clinicien: Any = None, signe_le: Any = None, maintenir_malgre: Any = None, **champs: Any
) -> RapportMedical:
    """L'agent saisit un rapport reçu sur papier; titre et permis sont jugés à la date écrite sur le papier."""
    est_clinicien = isinstance(clinicien, Compte) and clinicien.role == Role.CLINICIEN
    jour = None
    if est_clinicien and signe_le not in (None, ""):
        jour = verifier.date_exigee("signe_le", signe_le)
        exiger_signataire(clinicien, jour)
    demande = ctx.courante
    contenu = assembler(champs)
    avertissements = juger_coherence(contenu, maintenir_malgre, jour or ctx.jour)
    verifier.manquants(("clinicien", clinicien), ("signe_le", signe_le))
    if not est_clinicien:
        raise Refus("champ_invalide", champ="clinicien")
    if jour is None or jour > ctx.jour:
        raise Refus("champ_invalide", champ="signe_le")
    verifier_contenu(contenu, jour)
    demande.brouillons.filter(formulaire="sr2100", pour=ctx.acteur).delete()
    return recevoir_rapport(
        ctx,
        demande,
        clinicien,
        contenu,
        signe_le=jour,
        origine=RapportMedical.Origine.PAPIER,
        avertissements=avertissements,
    )


@acte("substituer_rapport", "sr2100.saisir")
def substituer_rapport(ctx: Contexte, *, nature: Any = None, date: Any = None, justification: Any = None) -> Substitut:
    """Reçoit un rapport d'un autre organisme, ou une exemption, à la place du SR-2100.

    Jamais rejeté au seul motif du formulaire. Source : guide des Premières Nations, article 03.
    """
    demande = ctx.courante
    verifier.manquants(("nature", nature), ("date", date), ("justification", justification))
    jour = verifier.date_exigee("date", date)
    if jour > ctx.jour:
        raise Refus("champ_invalide", champ="date")
    return Substitut.objects.create(
        demande=demande,
        nature=verifier.parmi("nature", nature, Substitut.Nature.values),
        date=jour,
        justification=verifier.texte("justification", justification),
        par=ctx.acteur,
        recu_le=ctx.instant,
    )


@acte("deposer_sr2105", "sr2105.deposer", champs=regles.CHAMPS_SR2105)
def deposer_sr2105(ctx: Contexte, **champs: Any) -> SR2105:
    """Dépose les renseignements complémentaires; « je ne sais pas » (`ne_sait_pas`) est une réponse entière."""
    demande = ctx.courante
    contenu: dict[str, Any] = {
        champ: verifier.texte(champ, champs.get(champ), requis=False)
        for champ in regles.CHAMPS_SR2105
        if champs.get(champ) is not None
    }
    if not any(contenu.values()):
        raise Refus("champ_manquant", champ="scolarite")
    dernier = SR2105.objects.filter(dossier=ctx.dossier).order_by("-version").first()
    deposee = SR2105.objects.create(
        dossier=ctx.dossier,
        version=(dernier.version if dernier else 0) + 1,
        contenu_json=regles.canonique(contenu),
        depose_par=ctx.acteur,
        depose_le=ctx.instant,
    )
    # Le brouillon d'un autre reste : sa page lui dira qu'une version est venue depuis.
    demande.brouillons.filter(formulaire="sr2105", pour=ctx.acteur).delete()
    ctx.cible = demande
    return deposee
