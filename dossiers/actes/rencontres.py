"""Se parler : offrir, proposer, confirmer, noter, annuler. Demander est `demander_appel` (`actes.appels`).

Aucun de ces actes n'écrit de lettre ni ne change l'état de la demande. Source : `docs/rencontres.md`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from correspondance.codes import signaler
from dossiers import etapes, rencontres
from dossiers import verification as verifier
from dossiers.models import CRENEAUX_MAX, Creneau, Demande, Rencontre, Tache
from dossiers.porte import Contexte, acte
from referentiels import lecture as referentiels
from referentiels.regles import ajouter_jours_ouvrables
from socle.dates_en_mots import date_heure
from socle.refus import Refus

Etat = Rencontre.Etat
MANQUE = "Le rendez-vous n'a pas eu lieu : en trouver un autre"
RIEN = "Il n'y a pas de rencontre en cours."
# Ce que l'agent devait faire jusque-là.
TACHES = (Tache.Code.APPEL_DEMANDE, Tache.Code.PREMIERE_RENCONTRE, Tache.Code.RENCONTRE_ANNULEE)


def offrir(ctx: Contexte, demande: Demande) -> None:
    """Au dépôt : une première rencontre est offerte, et l'agent appelle dans le délai visé. Aucune lettre."""
    _, nee = Rencontre.objects.get_or_create(
        dossier=ctx.dossier,
        avec=Rencontre.Avec.AGENT,
        finie_le=None,
        defaults={"demande": demande, "nee_le": ctx.instant},
    )
    if not nee:
        return
    jours = int(referentiels.regle("premiere_rencontre_jours", ctx.jour))
    tache = etapes.creer_tache(ctx, Tache.Code.PREMIERE_RENCONTRE, demande=demande)
    tache.avant_le = ajouter_jours_ouvrables(ctx.jour, jours, referentiels.fermetures(ctx.jour))
    tache.save(update_fields=["avant_le"])


def retirer_l_offre(ctx: Contexte) -> None:
    """La demande se ferme : on n'offre plus rien; ce que la personne a demandé ou confirmé tient."""
    offertes = Rencontre.objects.filter(dossier=ctx.dossier, etat=Etat.OFFERTE)
    offertes.update(etat=Etat.ANNULEE, finie_le=ctx.instant)
    clore_taches(ctx, Tache.Code.PREMIERE_RENCONTRE)


def tout_annuler(ctx: Contexte) -> None:
    """Plus personne à rencontrer : tout rendez-vous tombe et libère son hôte."""
    for visee in Rencontre.objects.filter(dossier=ctx.dossier, finie_le__isnull=True):
        visee.etat, visee.finie_le = Etat.ANNULEE, ctx.instant
        liberer(visee)
        visee.save()


def clore_taches(ctx: Contexte, *codes: str) -> None:
    """Les gestes attendus de l'agent pour cette rencontre sont faits."""
    Tache.objects.filter(dossier=ctx.dossier, code__in=codes or TACHES, close_le__isnull=True).update(
        close_le=ctx.instant, close_par=ctx.acteur
    )


def liberer(rencontre: Rencontre) -> None:
    """Plus aucun créneau n'est offert ni retenu; l'agenda de la personne doit l'apprendre."""
    rencontre.creneaux.filter(retire=False).update(retire=True)
    rencontre.sequence += 1


def _visee(ctx: Contexte, rencontre: Any) -> Rencontre:
    """La rencontre nommée, ou la seule en cours; le centre d'évaluation ne touche qu'aux siennes."""
    siennes = rencontres.vivantes(ctx.dossier)
    if ctx.acteur.role in rencontres.CSEMS:
        siennes = siennes.filter(avec=Rencontre.Avec.CSEMS)
    if rencontre is not None:
        nommee = siennes.filter(pk=rencontre).first() if isinstance(rencontre, int) else None
        if nommee is None:
            raise Refus("champ_invalide", "Cette rencontre est finie. Revenez au sommaire.", champ="rencontre")
        return nommee
    trouvees = list(siennes[:2])
    if not trouvees:
        raise Refus("etat_interdit", RIEN)
    if len(trouvees) > 1:
        raise Refus("champ_manquant", champ="rencontre")
    return trouvees[0]


def _instants(ctx: Contexte, creneaux: Any) -> list[datetime]:
    verifier.exiger("creneaux", creneaux)
    if not isinstance(creneaux, list | tuple) or len(creneaux) > CRENEAUX_MAX or not verifier.sans_doublon(creneaux):
        raise Refus("champ_invalide", f"Proposez de un à {CRENEAUX_MAX} moments différents.", champ="creneaux")
    for debut in creneaux:
        if not isinstance(debut, datetime) or timezone.is_naive(debut):
            raise Refus("champ_invalide", champ="creneaux")
        if mal := rencontres.defaut(debut, ctx.acteur):
            raise Refus("champ_invalide", f"{date_heure(debut)} : {mal}", champ="creneaux")
    return list(creneaux)


@acte("proposer_rencontre", "rencontre.proposer")
def proposer_rencontre(ctx: Contexte, *, creneaux: Any = None, mode: Any = None, lieu: Any = None) -> Rencontre:
    """Propose de un à cinq moments; ceux d'avant ne sont plus offerts, et la personne reçoit un signal sans donnée.

    `etat_interdit` si un rendez-vous est déjà confirmé. `champ_invalide` pour un moment passé, un jour fermé, ou
    un moment où la même personne a déjà un rendez-vous. Hors du téléphone, le lieu est exigé.
    """
    avec = rencontres.avec_de(ctx.acteur)
    visee = Rencontre.objects.filter(dossier=ctx.dossier, avec=avec, finie_le__isnull=True).first()
    if visee is not None and visee.etat == Etat.CONFIRMEE:
        raise Refus("etat_interdit", "Un rendez-vous est déjà confirmé. Annulez-le d'abord.")
    verifier.manquants(("creneaux", creneaux), ("mode", mode))
    connu = verifier.parmi("mode", mode, Rencontre.Mode.values)
    ou = verifier.texte("lieu", lieu, requis=connu != Rencontre.Mode.TELEPHONE, maximum=300)
    debuts = _instants(ctx, creneaux)
    if visee is None:
        visee = Rencontre(dossier=ctx.dossier, demande=ctx.dossier.courante, avec=avec, nee_le=ctx.instant)
    visee.etat, visee.mode, visee.lieu, visee.hote = Etat.PROPOSEE, connu, ou, ctx.acteur
    visee.save()
    visee.creneaux.filter(retire=False).update(retire=True)
    duree = rencontres.duree(ctx.jour)
    Creneau.objects.bulk_create(
        Creneau(rencontre=visee, hote=ctx.acteur, debut=debut, fin=debut + duree) for debut in sorted(debuts)
    )
    clore_taches(ctx)
    signaler(ctx.dossier.prestataire)
    ctx.details.update(avec=avec, mode=connu, moments=len(debuts))
    return visee


@acte("confirmer_rencontre", "rencontre.repondre")
def confirmer_rencontre(ctx: Contexte, *, creneau: Any = None, rencontre: Any = None) -> Rencontre:
    """Retient un des moments proposés. Pris entre-temps par un autre rendez-vous du même hôte : `champ_invalide`."""
    visee = _visee(ctx, rencontre)
    if visee.etat != Etat.PROPOSEE:
        raise Refus("etat_interdit", "Aucun moment n'attend une réponse.")
    verifier.exiger("creneau", creneau)
    choisi = visee.creneaux.filter(pk=creneau, retire=False).first() if isinstance(creneau, int) else None
    if choisi is None or choisi.debut <= ctx.instant:
        raise Refus("champ_invalide", "Ce moment n'est plus offert. Choisissez-en un autre.", champ="creneau")
    choisi.retenu = True
    try:
        with transaction.atomic():
            choisi.save(update_fields=["retenu"])
    except IntegrityError as erreur:
        raise Refus(
            "champ_invalide", "Ce moment vient d'être pris. Choisissez-en un autre.", champ="creneau"
        ) from erreur
    visee.creneaux.exclude(pk=choisi.pk).filter(retire=False).update(retire=True)
    visee.etat = Etat.CONFIRMEE
    visee.sequence += 1
    visee.save(update_fields=["etat", "sequence"])
    return visee


@acte("noter_rencontre", "rencontre.proposer")
def noter_rencontre(ctx: Contexte, *, tenue: Any = None, note: Any = None, rencontre: Any = None) -> Rencontre:
    """Note ce qui s'est dit; ou que la rencontre n'a pas eu lieu, et elle redevient demandée.

    Ne pas être venue ne compte jamais contre la personne. Sans rendez-vous confirmé, il n'y a rien à manquer
    (`etat_interdit`).
    """
    visee = _visee(ctx, rencontre)
    a_eu_lieu = verifier.parmi("tenue", tenue, ("oui", "non")) == "oui"
    if not a_eu_lieu and visee.etat != Etat.CONFIRMEE:
        raise Refus(
            "etat_interdit", "Aucun rendez-vous n'était confirmé. Notez plutôt un essai de joindre la personne."
        )
    visee.note = verifier.texte("note", note, requis=a_eu_lieu, maximum=2000)
    ctx.details["tenue"] = a_eu_lieu
    if a_eu_lieu:
        visee.etat, visee.finie_le = Etat.TENUE, ctx.instant
        visee.hote = visee.hote or ctx.acteur
        visee.creneaux.filter(retenu=False, retire=False).update(retire=True)
        clore_taches(ctx)
    else:
        visee.etat = Etat.DEMANDEE
        liberer(visee)
        etapes.creer_tache(
            ctx, Tache.Code.APPEL_DEMANDE, demande=visee.demande, note="Rendez-vous manqué : en reparler"
        )
    visee.save()
    return visee


@acte("annuler_rencontre", "rencontre.repondre")
def annuler_rencontre(ctx: Contexte, *, raison: Any = None, rencontre: Any = None) -> Rencontre:
    """Annule, ou décline l'offre. L'équipe dit pourquoi; la personne n'a pas à le dire.

    L'agent est averti de ce qui tombe, sauf d'une simple offre déclinée.
    """
    visee = _visee(ctx, rencontre)
    du_personnel = ctx.acteur.est_personnel
    visee.raison = verifier.texte("raison", raison, requis=du_personnel, maximum=300)
    avant, visee.etat, visee.finie_le = visee.etat, Etat.ANNULEE, ctx.instant
    liberer(visee)
    visee.save()
    clore_taches(ctx)
    ctx.details["avant"] = avant
    if du_personnel:
        signaler(ctx.dossier.prestataire)
    elif avant != Etat.OFFERTE:
        etapes.creer_tache(ctx, Tache.Code.RENCONTRE_ANNULEE, demande=visee.demande)
    return visee
