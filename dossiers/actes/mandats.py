"""Mandat d'une personne-ressource ou d'un représentant : proposé, confirmé, révocable, transmissible."""

from __future__ import annotations

from typing import Any

from comptes.lecture import compte_systeme
from comptes.models import PAR_MANDAT, Compte, Role
from correspondance.actes import preparer_lettre
from dossiers import lettres
from dossiers import verification as verifier
from dossiers.models import Mandat, Piece
from dossiers.porte import Contexte, acte, executer
from referentiels import lecture as referentiels
from referentiels.regles import plus_mois
from socle.refus import Refus

RAPPORT_MEDICAL = "voir_rapport_medical"
RECOURS = "demander_revision"
MOYENS_DE_L_AGENT = (Mandat.Moyen.APPEL, Mandat.Moyen.PAPIER)


@acte("proposer_mandat", "mandat.proposer")
def proposer_mandat(
    ctx: Contexte, *, portees: Any = None, jusqu_au: Any = None, titre: Any = None, jusqu_a_fin_recours: Any = None
) -> Mandat:
    """Propose un mandat; il n'ouvre rien avant d'être confirmé.

    Durée d'au plus 24 mois (règle `mandat_max_mois`); la lecture du rapport médical ne se propose pas.
    `titre` : celui d'un représentant, exigé de lui seul. `jusqu_a_fin_recours` : vaut jusqu'à la fin d'un recours
    ouvert au dernier jour; suppose la portée `demander_revision`.
    """
    ctx.cible = ctx.courante
    verifier.manquants(("portees", portees), ("jusqu_au", jusqu_au))
    fin = verifier.date_exigee("jusqu_au", jusqu_au)
    maximum = plus_mois(ctx.jour, int(referentiels.regle("mandat_max_mois", ctx.jour)))
    if not ctx.jour <= fin <= maximum:
        raise Refus("champ_invalide", champ="jusqu_au")
    proposables = verifier.codes_de(referentiels.portees(ctx.jour)) - {RAPPORT_MEDICAL}
    lues = verifier.codes("portees", portees, proposables)
    return Mandat.objects.create(
        dossier=ctx.dossier,
        intervenant=ctx.acteur,
        portees=lues,
        jusqu_au=fin,
        propose_le=ctx.instant,
        titre=titre_exige(ctx, titre),
        jusqu_a_fin_recours=_fin_de_recours(jusqu_a_fin_recours, lues),
    )


def titre_exige(ctx: Contexte, titre: Any) -> str:
    """Le titre d'un représentant, qui le dit toujours; une personne-ressource n'en a pas."""
    if ctx.acteur.role != Role.REPRESENTANT:
        if titre not in (None, ""):
            raise Refus("champ_invalide", champ="titre")
        return ""
    return verifier.parmi("titre", titre, verifier.codes_de(referentiels.types_representant(ctx.jour)))


def _fin_de_recours(voulu: Any, portees: list[str]) -> bool:
    if voulu not in (None, True, False) or (voulu and RECOURS not in portees):
        raise Refus(
            "champ_invalide",
            "Un mandat ne dure jusqu'à la fin d'un recours que s'il permet de demander la révision.",
            champ="jusqu_a_fin_recours",
        )
    return bool(voulu)


def _vise(ctx: Contexte, intervenant: Any) -> Mandat | None:
    """Le mandat le plus récent, ou celui de l'intervenant nommé."""
    mandats = Mandat.objects.filter(dossier=ctx.dossier)
    if intervenant is not None:
        if not isinstance(intervenant, Compte):
            raise Refus("champ_invalide", champ="intervenant")
        mandats = mandats.filter(intervenant=intervenant)
    return mandats.select_related("intervenant").order_by("-pk").first()


@acte("confirmer_mandat", "mandat.confirmer")
def confirmer_mandat(
    ctx: Contexte,
    *,
    portees_ajoutees: Any = None,
    intervenant: Any = None,
    preuve: Any = None,
    moyen: Any = None,
    piece: Any = None,
) -> Mandat:
    """Confirme le mandat proposé; la personne seule peut y ajouter la lecture du rapport médical.

    `moyen` : `appel` (au départ, pour un agent) ou `papier`, qui suppose `piece`, l'écrit versé au dossier.
    `justification_absente` : le titre d'un représentant demande un écrit, et l'agent n'en désigne aucun.
    """
    ctx.cible = ctx.courante
    mandat = _vise(ctx, intervenant)
    if mandat is None or mandat.revoque_le is not None or mandat.est_echu(ctx.jour):
        raise Refus("etat_interdit")
    if mandat.confirme_le is not None and not portees_ajoutees:
        raise Refus("etat_interdit")
    ajoutees = verifier.codes(
        "portees_ajoutees", portees_ajoutees, verifier.codes_de(referentiels.portees(ctx.jour)), requis=False
    )
    if ctx.acteur.role != Role.PRESTATAIRE:
        # Cette portée ne vaut que par la personne elle-même; l'écran de l'agent ne l'offre pas.
        ajoutees = [portee for portee in ajoutees if portee != RAPPORT_MEDICAL]
    premiere = mandat.confirme_le is None
    ecrit, par = _preuve_ecrite(ctx, mandat, moyen, piece) if premiere else (None, "")
    mandat.portees_ajoutees = list(dict.fromkeys([*mandat.portees_ajoutees, *ajoutees]))
    if premiere:
        mandat.confirme_le = ctx.instant
        mandat.confirme_par = ctx.acteur
        mandat.preuve = verifier.texte("preuve", preuve, requis=False, maximum=200)
        mandat.moyen, mandat.piece_preuve = par, ecrit
    mandat.save()
    ctx.echeances_a_revoir = True
    if premiere:
        annoncer(ctx, mandat)
    return mandat


def _preuve_ecrite(ctx: Contexte, mandat: Mandat, moyen: Any, piece: Any) -> tuple[Piece | None, str]:
    """L'écrit qui prouve l'accord, et le moyen employé; la personne qui confirme elle-même n'en a pas besoin."""
    if ctx.acteur.role == Role.PRESTATAIRE:
        return None, Mandat.Moyen.SUIVI
    regle = referentiels.type_representant(mandat.titre, ctx.jour) if mandat.titre else None
    if regle is not None and regle.preuve_ecrite and piece is None:
        raise Refus("justification_absente", f"Versez d'abord la preuve au dossier : {regle.preuve}", champ="piece")
    par = Mandat.Moyen.APPEL if moyen is None else verifier.parmi("moyen", moyen, MOYENS_DE_L_AGENT)
    if par == Mandat.Moyen.PAPIER:
        verifier.exiger("piece", piece)
    if piece is None:
        return None, par
    versees = Piece.objects.filter(dossier=ctx.dossier).exclude(verification=Piece.Verification.REFUSEE)
    ecrit = versees.filter(pk=verifier.numero(piece)).first()
    if ecrit is None:
        raise Refus("champ_invalide", champ="piece")
    return ecrit, par


def annoncer(ctx: Contexte, mandat: Mandat) -> None:
    """Le dit aux deux, par la même lettre."""
    for destinataire in (mandat.intervenant, ctx.dossier.prestataire):
        preparer_lettre(
            "mandat_confirme",
            dossier=ctx.dossier,
            destinataire=destinataire,
            cause=mandat,
            contenu=lettres.contenu_mandat(mandat),
        )


@acte("revoquer_mandat", "mandat.revoquer")
def revoquer_mandat(ctx: Contexte, *, intervenant: Any = None, motif: Any = None, preuve: Any = None) -> Mandat:
    """Met fin au mandat, tout de suite. Une révision demandée avant reste valable."""
    ctx.cible = ctx.courante
    vise = ctx.acteur if ctx.acteur.role in PAR_MANDAT else intervenant
    mandat = _vise(ctx, vise)
    if mandat is None or mandat.revoque_le is not None or mandat.est_echu(ctx.jour):
        raise Refus("etat_interdit")
    for champ, valeur in (("motif", motif), ("preuve", preuve)):
        verifier.texte(champ, valeur, requis=False, maximum=200)
    mandat.revoque_le = ctx.instant
    mandat.revoque_par = ctx.acteur
    mandat.save()
    ctx.echeances_a_revoir = True
    return mandat


@acte("transmettre_mandat", "mandat.transmettre")
def transmettre_mandat(ctx: Contexte, *, a: Any = None, de: Any = None) -> Mandat:
    """Passe un mandat vivant à un collègue du même organisme; la personne l'apprend par lettre et peut refuser.

    Le mandat cédé finit à l'instant; le neuf a les mêmes portées et la même fin, jamais la lecture du rapport médical,
    que la personne seule donne. `de` : le collègue qui le cède, pour le gestionnaire de l'organisme.
    """
    ctx.cible = ctx.courante
    cedant = _cedant(ctx, de)
    vivants = Mandat.objects.vivants(ctx.jour).filter(dossier=ctx.dossier)
    ancien = vivants.filter(intervenant=cedant).order_by("-pk").first()
    if ancien is None:
        raise Refus("etat_interdit")
    verifier.exiger("a", a)
    if not isinstance(a, Compte) or a not in collegues(cedant) or vivants.filter(intervenant=a).exists():
        raise Refus("champ_invalide", "Choisissez un collègue de votre organisme, sans mandat pour elle.", champ="a")
    neuf: Mandat = Mandat.objects.create(
        dossier=ctx.dossier,
        intervenant=a,
        portees=ancien.portees,
        portees_ajoutees=[portee for portee in ancien.portees_ajoutees if portee != RAPPORT_MEDICAL],
        jusqu_au=ancien.jusqu_au,
        jusqu_a_fin_recours=ancien.jusqu_a_fin_recours,
        propose_le=ctx.instant,
        confirme_le=ctx.instant,
        confirme_par=ctx.acteur,
        moyen=Mandat.Moyen.TRANSMISSION,
        transmis_de=ancien,
    )
    Mandat.objects.non_echus(ctx.jour).filter(dossier=ctx.dossier, intervenant=cedant).update(
        revoque_le=ctx.instant, revoque_par=ctx.acteur
    )
    ctx.echeances_a_revoir = True
    annoncer(ctx, neuf)
    return neuf


def _cedant(ctx: Contexte, de: Any) -> Compte:
    """Qui cède : soi-même, ou un collègue si l'on gère l'organisme."""
    if de is None or de == ctx.acteur:
        return ctx.acteur
    memes = isinstance(de, Compte) and de.organisme_id == ctx.acteur.organisme_id is not None
    if not memes or not ctx.acteur.gestionnaire_organisme:
        raise Refus("acces_refuse")
    return de


def collegues(personne: Compte) -> list[Compte]:
    """Personnes-ressources actives du même organisme, sauf elle."""
    if personne.organisme_id is None:
        return []
    memes = Compte.objects.filter(role=Role.INTERVENANT, is_active=True, organisme=personne.organisme_id)
    return list(memes.exclude(pk=personne.pk).order_by("nom", "prenom", "pk"))


@acte("finir_mandats", "mandat.finir")
def finir_mandats(ctx: Contexte, *, intervenant: Any = None) -> int:
    """Met fin, au nom de la maison, aux mandats d'une personne qui quitte son organisme; rend leur nombre."""
    if not isinstance(intervenant, Compte):
        raise Refus("champ_invalide", champ="intervenant")
    restants = Mandat.objects.filter(dossier=ctx.dossier, intervenant=intervenant, revoque_le__isnull=True)
    finis = restants.update(revoque_le=ctx.instant, revoque_par=ctx.acteur)
    ctx.details["mandats"] = finis
    ctx.echeances_a_revoir = True
    return int(finis)


def apres_un_depart(compte: Compte) -> int:
    """Finit les mandats d'un compte qui a quitté son organisme, dossier par dossier; rend leur nombre.

    L'accès est déjà fermé : il se juge à l'usage. Un dossier retenu ailleurs n'empêche pas les autres.
    """
    restants = Mandat.objects.filter(intervenant=compte, revoque_le__isnull=True).select_related("dossier")
    dossiers = {mandat.dossier_id: mandat.dossier for mandat in restants.order_by("pk")}
    systeme = compte_systeme()
    return sum(
        executer("finir_mandats", acteur=systeme, dossier=dossier, intervenant=compte) for dossier in dossiers.values()
    )
