"""Déposer, se désister, fermer."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction

from comptes.lecture import permis_verifie
from comptes.models import Compte, Role
from comptes.prestataires import creer_prestataire
from correspondance.actes import preparer_lettre
from dossiers import etapes, lettres
from dossiers import verification as verifier
from dossiers.actes.consentements import JOINDRE, inviter_clinicien
from dossiers.actes.rencontres import offrir, retirer_l_offre
from dossiers.etats import AVANT_DECISION, Etat
from dossiers.models import (
    ETATS_PERMETTANT_UN_DEPOT,
    Arret,
    Attribution,
    Consentement,
    Demande,
    Dossier,
    Mandat,
    Tache,
)
from dossiers.porte import Contexte, DejaFait, acte, executer
from dossiers.recherche import apprendre, cle_de_tri, empreintes, semblables
from journal.actes import consigner
from journal.models import Entree
from referentiels import lecture as referentiels
from socle import horloge
from socle.refus import Refus
from socle.verrous import verrouiller

MOTIFS_TOUT_ETAT = frozenset({"deces", "transfert"})
DEPOSER = "deposer_demande"
EN_PRESENCE = "deposer_en_presence"
FERMABLES = (Etat.RECUE, Etat.A_COMPLETER, Etat.COMPLETE)


def ouvrir_dossier(prestataire: Compte, *, acteur: Compte, bureau_id: int, **identite: Any) -> Dossier:
    """Ouvre le dossier d'une personne; un seul par personne. Ne dépose aucune demande.

    `identite` : region, naissance, nam, nas… Les empreintes et la clé de tri sont calculées ici.
    """
    dossier = Dossier.objects.create(
        prestataire=prestataire,
        bureau_id=bureau_id,
        cle_tri=cle_de_tri(prestataire.nom, prestataire.prenom),
        **empreintes(identite),
    )
    apprendre(dossier.cle_tri)
    consigner("ouvrir_dossier", acteur=acteur, dossier=dossier)
    return dossier


@transaction.atomic
def consigner_nouvelle_personne(
    agent: Compte,
    *,
    personne: dict[str, Any],
    identite: dict[str, Any],
    depot: dict[str, Any],
    annonce: str = "",
    cle: UUID | None = None,
) -> Dossier:
    """Crée la personne et son dossier, puis dépose sa demande; tout ou rien.

    Lève `champ_invalide` près du NAM s'il est déjà celui d'un dossier. Le bureau est celui de l'agent.
    """
    if agent.bureau_id is None:
        raise Refus("acces_refuse")
    empreinte_nam = empreintes(identite)["nam_empreinte"]
    if empreinte_nam and Dossier.objects.filter(nam_empreinte=empreinte_nam).exists():
        raise Refus(
            "champ_invalide", "Ce numéro d'assurance maladie est déjà celui d'un dossier. Ouvrez ce dossier.", "nam"
        )
    compte = creer_prestataire(agent, **personne)
    dossier = ouvrir_dossier(compte, acteur=agent, bureau_id=agent.bureau_id, **identite)
    executer(DEPOSER, acteur=agent, dossier=dossier, cle=cle, **depot)
    if annonce:
        executer("changer_annonce", acteur=agent, dossier=dossier, comment=annonce)
    return dossier


@acte(DEPOSER, "demande.deposer")
def deposer_demande(ctx: Contexte, *, canal: Any = None, type: Any = None, consentement_oral: Any = None) -> Demande:
    """Dépose une demande; toute demande est consignée (Loi, art. 30).

    Déposée pendant une révision, elle est reçue et datée, et s'ouvre quand la révision est rendue.
    """
    courante = ctx.dossier.courante
    if courante is not None and courante.etat not in ETATS_PERMETTANT_UN_DEPOT:
        raise Refus("etat_interdit")
    if ctx.dossier.demandes.filter(ouverte_le__isnull=True).exists():
        raise Refus("etat_interdit")
    verifier.manquants(("canal", canal), ("type", type))
    attend = courante is not None and courante.etat == Etat.EN_REVISION
    dernier_rang = ctx.dossier.demandes.order_by("-rang").values_list("rang", flat=True).first() or 0
    demande = Demande.objects.create(
        dossier=ctx.dossier,
        rang=dernier_rang + 1,
        type=verifier.parmi("type", type, Demande.Type.values),
        canal=verifier.parmi("canal", canal, Demande.Canal.values),
        deposee_le=ctx.instant,
        deposee_par=ctx.acteur,
        ouverte_le=None if attend else ctx.instant,
        etat_depuis=ctx.instant,
    )
    if consentement_oral is not None:
        _en_presence(ctx, demande, consentement_oral)
    if ctx.acteur.role == Role.AGENT and ctx.dossier.agent_id is None:
        ctx.dossier.agent = ctx.acteur
        etapes.attribuer(ctx, None, ctx.acteur, Attribution.Qualite.AGENT, "a reçu la demande")
    offrir(ctx, demande)
    ctx.cible = demande
    preparer_lettre(
        "accuse_reception",
        dossier=ctx.dossier,
        demande=demande,
        destinataire=ctx.dossier.prestataire,
        cause=demande,
        contenu=lettres.contenu_accuse_reception(demande),
    )
    return demande


def _en_presence(ctx: Contexte, demande: Demande, consentement_oral: Any) -> None:
    """Le clinicien dépose avec la personne présente : son accord oral est noté, et lui-même est invité.

    Permis à la première demande d'un dossier neuf seulement : nul n'entre par là dans un dossier qui existe.
    """
    if ctx.acteur.role != Role.CLINICIEN or consentement_oral is not True or demande.rang != 1:
        raise Refus("champ_invalide", champ="consentement_oral")
    Consentement.objects.create(
        dossier=ctx.dossier,
        objet=JOINDRE,
        donne_le=ctx.instant,
        recueilli_par=ctx.acteur,
        preuve="Accord oral, personne présente à la clinique",
    )
    inviter_clinicien(ctx, clinicien=ctx.acteur)
    etapes.creer_tache(ctx, Tache.Code.DEPOT_A_CONFIRMER, demande=demande, note=ctx.acteur.nom_complet)
    ctx.details["consentement_oral"] = True


def deposer_en_presence(
    clinicien: Compte, *, personne: dict[str, Any], identite: dict[str, Any], bureau_id: int, cle: UUID | None = None
) -> Dossier | None:
    """Ouvre le dossier d'une personne présente à la clinique et dépose sa demande; tout ou rien.

    Lève `signataire_non_autorise` sans permis vérifié, `etat_interdit` au-delà du nombre permis par jour
    (`depots_en_presence_max_jour`, essais compris). Rend None si la personne a peut-être déjà un dossier : rien
    n'est créé, rien n'est dit de ce dossier; un code de patient l'ouvrirait. Tout essai sans effet laisse une
    tentative au journal, et au dossier qu'il visait. Un même envoi reçu deux fois lève `DejaFait`.
    """
    try:
        with transaction.atomic():
            verrouiller(f"{EN_PRESENCE}:{clinicien.pk}")  # un double clic : le second attend, puis lit le premier
            _exiger_depot_permis(clinicien, cle)
            ressemble = semblables(personne["nom"], personne["prenom"], **identite).first()
            if ressemble is None:
                return _ouvrir_et_deposer(clinicien, personne, identite, bureau_id, cle)
    except Refus as refus:
        consigner(EN_PRESENCE, acteur=clinicien, nature=Entree.Nature.TENTATIVE, code_refus=refus.code)
        raise
    consigner(
        EN_PRESENCE, acteur=clinicien, dossier=ressemble, nature=Entree.Nature.TENTATIVE, code_refus="etat_interdit"
    )
    return None


def _exiger_depot_permis(clinicien: Compte, cle: UUID | None) -> None:
    """Permis vérifié, envoi neuf, nombre du jour non atteint; le verrou de ce clinicien est tenu."""
    jour = horloge.aujourd_hui()
    if permis_verifie(clinicien, jour) is None:
        raise Refus("signataire_non_autorise", "Votre permis n'est pas vérifié. Une demande ne se dépose pas avant.")
    deja = Entree.objects.filter(cle=cle).first() if cle else None
    if deja is not None:
        raise DejaFait(deja)
    maximum = int(referentiels.regle("depots_en_presence_max_jour", jour))
    du_jour = Entree.objects.filter(acteur=clinicien, acte__in=(DEPOSER, EN_PRESENCE))
    if du_jour.filter(instant__gte=horloge.heure_locale(jour, 0, 0)).count() >= maximum:
        raise Refus(
            "etat_interdit",
            f"Vous avez atteint {maximum} dépôts ou essais aujourd'hui. Reprenez demain, ou appelez-nous.",
        )


def _ouvrir_et_deposer(
    clinicien: Compte, personne: dict[str, Any], identite: dict[str, Any], bureau_id: int, cle: UUID | None
) -> Dossier:
    compte = creer_prestataire(clinicien, **personne)
    dossier = ouvrir_dossier(compte, acteur=clinicien, bureau_id=bureau_id, **identite)
    depot = {"canal": Demande.Canal.CLINIQUE, "type": Demande.Type.INITIALE, "consentement_oral": True}
    executer(DEPOSER, acteur=clinicien, dossier=dossier, cle=cle, **depot)
    dossier.refresh_from_db()
    return dossier


@acte("se_desister", "demande.se_desister")
def se_desister(ctx: Contexte, *, motif: Any = None) -> Demande:
    """Retire la demande avant décision (elle se ferme), ou retire la demande de révision (état d'avant)."""
    courante = ctx.courante
    if courante.etat in AVANT_DECISION:
        lu = verifier.texte("motif", motif, requis=False, maximum=300)
        return _fermer(ctx, courante, lu or "desistement")
    en_revision = ctx.dossier.demandes.filter(etat=Etat.EN_REVISION).order_by("-rang").first()
    if en_revision is None:
        raise Refus("etat_interdit")
    verifier.texte("motif", motif, requis=False, maximum=300)
    etapes.changer(ctx, en_revision, "abandonner_revision")
    ctx.cible = en_revision
    etapes.ouvrir_demande_en_attente(ctx)
    return en_revision


@acte("fermer", "demande.fermer")
def fermer(ctx: Contexte, *, motif: Any = None) -> Demande:
    """Ferme une demande sans décision. Décès et transfert ferment dans tout état avant décision."""
    courante = ctx.courante
    permis = AVANT_DECISION if motif in MOTIFS_TOUT_ETAT else FERMABLES
    etapes.exiger_etat(courante, permis)
    return _fermer(ctx, courante, verifier.texte("motif", motif, maximum=120))


def fermer_pour_silence(ctx: Contexte, demande: Demande) -> Demande:
    """Ferme une demande muette; la seule porte est la signature du chef d'équipe (`trancher_fermeture`)."""
    return _fermer(ctx, demande, "inactivite")


def fermer_pour_deces(ctx: Contexte, demande: Demande) -> Demande:
    """Ferme une demande sans décision à la suite d'un décès."""
    return _fermer(ctx, demande, "deces")


def noter_arret(demande: Demande, motif: str, etape: str) -> Arret:
    """Garde où quelqu'un s'est arrêté, et si une personne-ressource l'aidait."""
    jour = horloge.aujourd_hui()
    mandats = Mandat.objects.vivants(jour).filter(dossier=demande.dossier_id)
    return Arret.objects.create(demande=demande, motif=motif, etape=etape, aidee=mandats.exists(), le=jour)


def _fermer(ctx: Contexte, demande: Demande, motif: str) -> Demande:
    if ctx.nom == "se_desister":
        noter_arret(demande, Arret.Motif.DESISTEMENT, str(demande.etat))
    elif motif == "inactivite":
        noter_arret(demande, Arret.Motif.INACTIVITE, str(demande.etat))
    demande.renseignements.filter(close_le__isnull=True).update(
        close_le=ctx.instant, cloture="close", close_par=ctx.acteur
    )
    retirer_l_offre(ctx)
    etapes.changer(ctx, demande, "fermer", ctx.instant, motif)
    ctx.cible = demande
    ctx.details["motif"] = motif if motif in {*MOTIFS_TOUT_ETAT, "inactivite", "desistement"} else "autre"
    preparer_lettre(
        "fermeture",
        dossier=ctx.dossier,
        demande=demande,
        destinataire=ctx.dossier.prestataire,
        cause=demande,
        contenu=lettres.contenu_fermeture(demande),
    )
    return demande
