"""Le code que la personne confie : à qui l'aidera (un mandat, pris d'un coup), ou à un proche (un témoignage).

La personne commence ainsi un mandat sans connaître de compte, et celle qui n'a ni téléphone ni courriel le confirme en
présence. Tout code qui n'ouvre pas (inconnu, échu, employé, annulé) reçoit la même réponse, pour le même travail.
Source : `ecrans-et-lettres.md` B7.3; `epreuves.md` S03.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from comptes import essais
from comptes.models import Compte, Role
from dossiers import codes
from dossiers import verification as verifier
from dossiers.actes.codes import Presentation
from dossiers.actes.mandats import RAPPORT_MEDICAL, annoncer, titre_exige
from dossiers.models import CodeConfie, Dossier, Mandat
from dossiers.porte import Contexte, DejaFait, acte, executer
from journal.actes import consigner
from journal.models import Entree
from referentiels import lecture as referentiels
from referentiels.regles import plus_mois
from socle import horloge
from socle.champs import empreinte
from socle.refus import Refus

PRENDRE = "prendre_mandat"
N_OUVRE_RIEN = "Ce code n'ouvre rien. Vérifiez chaque signe, ou demandez un nouveau code à la personne."


def condenser(usage: str, code: str) -> str:
    """HMAC du code lu; le préfixe le sépare des autres codes dont on garde l'empreinte."""
    return empreinte(f"code-{usage}:{code}")


def en_attente(dossier: Dossier, usage: str, le: date) -> CodeConfie | None:
    """Le code confié qui n'a pas encore servi, s'il est encore bon."""
    trouve = CodeConfie.objects.filter(
        dossier=dossier, usage=usage, annule_le__isnull=True, utilise_le__isnull=True
    ).first()
    return trouve if trouve is not None and trouve.est_vivant(le) else None


@acte("confier_code", "mandat.confirmer")
def confier_code(ctx: Contexte, *, usage: Any = None, portees: Any = None, jusqu_au: Any = None) -> codes.CodeEmis:
    """Fait un code et remplace celui du même usage qui attendait; rend le code en clair, une seule fois.

    Pour un mandat : ses portées et sa fin, au plus `mandat_max_mois`. La lecture du rapport médical n'y entre que par
    la personne elle-même. Le code vaut `code_confie_jours`.
    """
    ctx.cible = ctx.courante
    verifier.manquants(("usage", usage), *((("portees", portees), ("jusqu_au", jusqu_au)) if usage == "mandat" else ()))
    connu = verifier.parmi("usage", usage, CodeConfie.Usage.values)
    donne: dict[str, Any] = {}
    if connu == CodeConfie.Usage.MANDAT:
        donne = {"portees": _portees(ctx, portees), "jusqu_au": _fin(ctx, jusqu_au)}
    _annuler(ctx, connu)
    clair = codes.tirer()
    emis = CodeConfie.objects.create(
        dossier=ctx.dossier,
        usage=connu,
        empreinte=condenser(connu, clair),
        emis_le=ctx.instant,
        emis_par=ctx.acteur,
        expire_le=ctx.jour + timedelta(days=int(referentiels.regle("code_confie_jours", ctx.jour))),
        **donne,
    )
    ctx.details |= {"code": emis.pk, "usage": connu}
    return codes.CodeEmis(clair, emis.expire_le)


def _portees(ctx: Contexte, portees: Any) -> list[str]:
    lues = verifier.codes("portees", portees, verifier.codes_de(referentiels.portees(ctx.jour)))
    if ctx.acteur.role != Role.PRESTATAIRE and RAPPORT_MEDICAL in lues:
        raise Refus("champ_invalide", "La personne seule peut donner cette lecture.", champ="portees")
    if lues == [RAPPORT_MEDICAL]:
        raise Refus("champ_invalide", "Choisissez aussi ce que cette personne peut faire.", champ="portees")
    return lues


def _fin(ctx: Contexte, jusqu_au: Any) -> date:
    fin = verifier.date_exigee("jusqu_au", jusqu_au)
    if not ctx.jour <= fin <= plus_mois(ctx.jour, int(referentiels.regle("mandat_max_mois", ctx.jour))):
        raise Refus("champ_invalide", champ="jusqu_au")
    return fin


def _annuler(ctx: Contexte, usage: str) -> int:
    attendent = CodeConfie.objects.filter(
        dossier=ctx.dossier, usage=usage, annule_le__isnull=True, utilise_le__isnull=True
    )
    return int(attendent.update(annule_le=ctx.instant))


@acte("annuler_code_confie", "mandat.confirmer")
def annuler_code_confie(ctx: Contexte, *, usage: Any = None) -> None:
    """Annule le code de cet usage qui attend encore; il n'ouvrira plus rien."""
    if not _annuler(ctx, verifier.parmi("usage", usage, CodeConfie.Usage.values)):
        raise Refus("etat_interdit")


def chercher(usage: str, saisi: str) -> CodeConfie | None:
    """Le code de cette empreinte, qu'il vive ou non; le calcul se fait toujours."""
    condense = condenser(usage, codes.lire(saisi) or "")
    return CodeConfie.objects.filter(usage=usage, empreinte=condense).select_related("dossier").first()


def ouvre(trouve: CodeConfie | None, le: date) -> bool:
    """Vrai si ce code vit et si son dossier n'a pas été réuni à un autre."""
    return trouve is not None and trouve.est_vivant(le) and trouve.dossier.fusionne_dans_id is None


def employer(ctx: Contexte, usage: str, saisi: Any, par: Compte | None) -> CodeConfie:
    """Relit le code sous le verrou du dossier et le marque employé : de deux envois au même instant, un seul passe."""
    verifier.exiger("code", saisi)
    trouve = chercher(usage, str(saisi))
    if trouve is None or not ouvre(trouve, ctx.jour) or trouve.dossier_id != ctx.dossier.pk:
        raise Refus("champ_invalide", N_OUVRE_RIEN, champ="code")
    trouve.utilise_le, trouve.utilise_par = ctx.instant, par
    trouve.save(update_fields=["utilise_le", "utilise_par"])
    ctx.details["code"] = trouve.pk
    return trouve


@acte(PRENDRE, "mandat.proposer")
def prendre_mandat(ctx: Contexte, *, code: Any = None, titre: Any = None) -> Mandat:
    """Donne à qui présente le code le mandat que la personne y a mis, confirmé d'avance par elle.

    `justification_absente` : le titre d'un représentant demande un écrit; il se demande alors, puis se confirme.
    """
    ctx.cible = ctx.courante
    regle = referentiels.type_representant(str(titre), ctx.jour) if titre else None
    if regle is not None and regle.preuve_ecrite:
        raise Refus(
            "justification_absente",
            "Ce titre demande un écrit. Demandez plutôt le mandat avec le numéro.",
            champ="titre",
        )
    genre = titre_exige(ctx, titre)
    employe = employer(ctx, CodeConfie.Usage.MANDAT, code, ctx.acteur)
    assert employe.jusqu_au is not None  # noqa: S101 - contrainte en base d'un code de mandat
    mandat: Mandat = Mandat.objects.create(
        dossier=ctx.dossier,
        intervenant=ctx.acteur,
        portees=[portee for portee in employe.portees if portee != RAPPORT_MEDICAL],
        portees_ajoutees=[portee for portee in employe.portees if portee == RAPPORT_MEDICAL],
        jusqu_au=employe.jusqu_au,
        propose_le=ctx.instant,
        confirme_le=ctx.instant,
        confirme_par=employe.emis_par,
        moyen=Mandat.Moyen.CODE,
        titre=genre,
    )
    ctx.echeances_a_revoir = True
    annoncer(ctx, mandat)
    return mandat


@transaction.atomic
def prendre(
    personne: Compte, saisi: str, *, adresse: str, cle: UUID | None = None, titre: str | None = None
) -> Presentation:
    """Présente un code de mandat dont on ne sait pas le dossier, en comptant les essais.

    La ligne du compte est verrouillée : dix essais au même instant en font dix. Un même envoi reçu deux fois rend le
    dossier déjà ouvert. Un refus qui ne tient pas au code (titre, demande absente) se rend, sans compter d'essai.
    """
    Compte.objects.select_for_update(of=("self",), no_key=True).get(pk=personne.pk)
    deja = Entree.objects.filter(cle=cle, acte=PRENDRE, acteur=personne).first() if cle else None
    if deja is not None:
        return Presentation(deja.dossier)
    comptees = essais.sources("code-mandat", personne, adresse)

    def jouer(dossier: Dossier) -> None:
        executer(PRENDRE, acteur=personne, dossier=dossier, cle=cle, code=saisi, titre=titre or None)

    return presenter(CodeConfie.Usage.MANDAT, PRENDRE, saisi, comptees, personne, jouer)


def presenter(
    usage: str,
    nom: str,
    saisi: str,
    comptees: tuple[essais.Source, ...],
    personne: Compte | None,
    jouer: Callable[[Dossier], None],
) -> Presentation:
    """Une seule façon de juger un code : la pause, l'empreinte, l'acte; un code qui n'ouvre pas compte un essai."""
    pause = essais.fin_de_pause(comptees)
    if pause is not None:
        return Presentation(pause=pause)
    trouve = chercher(usage, saisi)
    if trouve is None or not ouvre(trouve, horloge.aujourd_hui()):
        dossier = trouve.dossier if trouve is not None else None
        consigner(nom, acteur=personne, dossier=dossier, nature=Entree.Nature.TENTATIVE, code_refus="champ_invalide")
        return Presentation(pause=essais.rater(f"code-{usage}", personne, comptees))
    try:
        jouer(trouve.dossier)
    except DejaFait:
        return Presentation(trouve.dossier)
    except Refus as refus:
        if refus.champ != "code":
            return Presentation(refus=refus)
        return Presentation(pause=essais.rater(f"code-{usage}", personne, comptees))
    essais.oublier(comptees[0])
    return Presentation(trouve.dossier)
