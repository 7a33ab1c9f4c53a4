"""Le code de patient : l'émettre, le présenter. Présenté, il ouvre la même chose qu'une invitation, rien de plus.

Le contrat permet d'autres actes que les siens; ceux-ci gardent l'ordre de ses refus. Tout code qui n'ouvre pas
(inconnu, échu, employé, remplacé, consentement retiré, demande fermée) reçoit la même réponse, pour le même
travail : rien ne dit lequel a existé. Source : `docs/formulaires.md`, « Code de patient ».
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Subquery

from comptes import essais
from comptes.lecture import permis_verifie
from comptes.models import Compte
from correspondance.actes import preparer_lettre
from dossiers import codes, etapes, lettres
from dossiers import verification as verifier
from dossiers.actes.consentements import JOINDRE, exiger_consentement, inviter_clinicien
from dossiers.etats import Etat
from dossiers.models import CodePatient, Consentement, Demande, Dossier, Invitation
from dossiers.porte import Contexte, DejaFait, acte, executer
from journal.actes import consigner
from journal.models import Entree
from referentiels import lecture as referentiels
from socle import horloge
from socle.refus import Refus

USAGE = "code-patient"
PRESENTER = "presenter_code"
N_OUVRE_RIEN = (
    "Ce code n'ouvre rien. Vérifiez chaque signe, ou demandez un nouveau code à la personne ou à son bureau. "
    "Un dossier déjà ouvert reste dans vos rapports."
)
OUVERTS = tuple(etat for etat in Etat if etat != Etat.FERMEE)


@acte("emettre_code", "clinicien.inviter")
def emettre_code(ctx: Contexte, *, par_lettre: Any = None) -> codes.CodeEmis:
    """Émet un code pour la demande courante et remplace celui qui attendait; rend le code en clair, une seule fois.

    Exige le consentement `joindre_clinicien` vivant, comme l'invitation. Le code vaut `code_patient_jours`.
    `par_lettre` : la personne le reçoit aussi par lettre, avec son code QR.
    """
    exiger_consentement(ctx.dossier, JOINDRE)
    demande = ctx.courante
    etapes.exiger_etat(demande, OUVERTS)
    if par_lettre not in (None, True, False):
        raise Refus("champ_invalide", champ="par_lettre")
    jours = int(referentiels.regle("code_patient_jours", ctx.jour))
    CodePatient.objects.filter(demande=demande, remplace_le__isnull=True, utilise_le__isnull=True).update(
        remplace_le=ctx.instant
    )
    clair = codes.tirer()
    emis = CodePatient.objects.create(
        demande=demande,
        empreinte=codes.condenser(clair),
        emis_le=ctx.instant,
        emis_par=ctx.acteur,
        expire_le=ctx.jour + timedelta(days=jours),
    )
    ctx.details["code"] = emis.pk
    rendu = codes.CodeEmis(clair, emis.expire_le)
    if par_lettre:
        ctx.details["par_lettre"] = True
        preparer_lettre(
            "code_clinique",
            dossier=ctx.dossier,
            demande=demande,
            destinataire=ctx.dossier.prestataire,
            cause=emis,
            contenu=lettres.contenu_code(rendu),
        )
    return rendu


def _chercher(code: str) -> Any:
    """Le code de cette empreinte et ce qui le juge, en une lecture, qu'il vive ou non."""
    courante = Demande.objects.filter(dossier=OuterRef("demande__dossier"), ouverte_le__isnull=False).order_by("-rang")
    accord = Consentement.vivants().filter(dossier=OuterRef("demande__dossier"), objet=JOINDRE)
    return (
        CodePatient.objects.filter(empreinte=codes.condenser(code))
        .select_related("demande__dossier")
        .annotate(courante_id=Subquery(courante.values("pk")[:1]), accord=Exists(accord))
        .first()
    )


def _ouvre(trouve: Any, le: date) -> bool:
    """Vrai si ce code ouvre la demande courante d'un dossier, en ce moment."""
    return (
        trouve is not None
        and trouve.est_vivant(le)
        and trouve.accord
        and trouve.courante_id == trouve.demande_id
        and trouve.demande.etat != Etat.FERMEE
        and trouve.demande.dossier.fusionne_dans_id is None
    )


@acte(PRESENTER, "code.presenter")
def presenter_code(ctx: Contexte, *, code: Any = None) -> Invitation:
    """Invite le clinicien qui présente un code vivant de ce dossier; le code ne sert qu'une fois.

    Refuse `signataire_non_autorise` sans permis vérifié et valide aujourd'hui, avant de lire le code;
    `champ_invalide` si le code n'ouvre pas. Le titre, lui, se juge à la signature, comme pour une invitation.
    """
    if permis_verifie(ctx.acteur, ctx.jour) is None:
        raise Refus("signataire_non_autorise", "Votre permis n'est pas vérifié. Un code ne s'ouvre pas avant.")
    verifier.exiger("code", code)
    lu = codes.lire(str(code))
    trouve = _chercher(lu) if lu else None
    # Relu sous le verrou du dossier : de deux cliniciens au même instant, un seul l'obtient.
    if trouve is None or not _ouvre(trouve, ctx.jour) or trouve.demande.dossier_id != ctx.dossier.pk:
        raise Refus("champ_invalide", N_OUVRE_RIEN, champ="code")
    invitation: Invitation = inviter_clinicien(ctx, clinicien=ctx.acteur)
    trouve.utilise_le, trouve.utilise_par = ctx.instant, ctx.acteur
    trouve.save(update_fields=["utilise_le", "utilise_par"])
    ctx.details["code"] = trouve.pk
    return invitation


@dataclass(frozen=True)
class Presentation:
    """Ce qu'a donné un code : un dossier ouvert, une pause, un refus qui ne tient pas au code, ou rien."""

    dossier: Dossier | None = None
    pause: datetime | None = None
    refus: Refus | None = None


@transaction.atomic
def presenter(clinicien: Compte, saisi: str, *, adresse: str, cle: UUID | None = None) -> Presentation:
    """Présente un code dont on ne sait pas le dossier, en comptant les essais; une seule entrée pour les écrans.

    Lève `signataire_non_autorise` sans permis vérifié (aucun essai compté). La ligne du compte est verrouillée :
    dix essais au même instant en font dix. Un même envoi reçu deux fois rend le dossier déjà ouvert.
    """
    Compte.objects.select_for_update(of=("self",), no_key=True).get(pk=clinicien.pk)
    deja = Entree.objects.filter(cle=cle, acte=PRESENTER, acteur=clinicien).first() if cle else None
    if deja is not None:
        return Presentation(deja.dossier)
    if permis_verifie(clinicien, horloge.aujourd_hui()) is None:
        raise Refus("signataire_non_autorise", "Votre permis n'est pas vérifié. Un code ne s'ouvre pas avant.")
    comptees = essais.sources(USAGE, clinicien, adresse)
    pause = essais.fin_de_pause(comptees)
    if pause is not None:
        return Presentation(pause=pause)
    dossier = _jouer(clinicien, saisi, cle)
    if dossier is None:
        return Presentation(pause=essais.rater(USAGE, clinicien, comptees))
    essais.oublier(comptees[0])
    return Presentation(dossier)


def _jouer(clinicien: Compte, saisi: str, cle: UUID | None) -> Dossier | None:
    """Joue l'acte si le code ouvre; sinon une ligne `tentative`, avec le dossier d'un code qui a existé."""
    lu = codes.lire(saisi)
    trouve = _chercher(lu or "")
    dossier: Dossier | None = trouve.demande.dossier if trouve is not None else None
    if dossier is None or not _ouvre(trouve, horloge.aujourd_hui()):
        consigner(
            PRESENTER, acteur=clinicien, dossier=dossier, nature=Entree.Nature.TENTATIVE, code_refus="champ_invalide"
        )
        return None
    try:
        executer(PRESENTER, acteur=clinicien, dossier=dossier, cle=cle, code=saisi)
    except (DejaFait, Refus):
        return None
    return dossier


def code_a_imprimer(dossier: Dossier, saisi: str) -> codes.CodeEmis | None:
    """Le code, s'il est celui qui attend pour ce dossier : de quoi imprimer la feuille sans l'avoir gardé."""
    lu = codes.lire(saisi)
    trouve = _chercher(lu) if lu else None
    if lu is None or trouve is None or not _ouvre(trouve, horloge.aujourd_hui()):
        return None
    return codes.CodeEmis(lu, trouve.expire_le) if trouve.demande.dossier_id == dossier.pk else None


def en_attente(demande: Demande, le: date) -> CodePatient | None:
    """Le code émis qui attend encore d'être présenté, s'il y en a un."""
    trouve = CodePatient.objects.filter(demande=demande, remplace_le__isnull=True, utilise_le__isnull=True).first()
    return trouve if trouve is not None and trouve.est_vivant(le) else None
