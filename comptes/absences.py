"""Absences du personnel : qui est là ce jour-là, qui remplace, et l'acte qui le note.

Une absence compte de son premier à son dernier jour, inclus. Elle ne retire aucun dossier : elle évite d'en confier,
et montre au chef ce qui attend. Source : `ecrans-et-lettres.md` B4.
"""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import Q

from comptes.models import ROLES_PERSONNEL, Compte, Role
from journal.actes import consigner
from socle import horloge
from socle.refus import Refus

ABSENCE_MAX = 366  # jours


def absents(jour: date) -> Q:
    """Comptes absents ce jour-là."""
    commencee = Q(absent_du__isnull=True) | Q(absent_du__lte=jour)
    return commencee & Q(absent_jusqu_au__gte=jour)


def presents(jour: date) -> Q:
    """Comptes qui ne sont pas absents ce jour-là."""
    return Q(absent_jusqu_au__isnull=True) | Q(absent_jusqu_au__lt=jour) | Q(absent_du__gt=jour)


def est_absent(compte: Compte, jour: date) -> bool:
    """La même règle, pour un compte déjà lu."""
    commencee = compte.absent_du is None or compte.absent_du <= jour
    return commencee and compte.absent_jusqu_au is not None and compte.absent_jusqu_au >= jour


def collegues(chef_ou_membre: Compte) -> Q:
    """Le personnel de la même unité : même bureau, même centre, même direction."""
    if chef_ou_membre.role == Role.CHEF_EQUIPE:
        roles = {
            "bureau": (Role.AGENT,),
            "csems": (Role.MEDECIN_CSEMS, Role.SPECIALISTE_CSEMS),
            "drra": (Role.MEDECIN_DRRA, Role.SPECIALISTE_DRRA),
        }[chef_ou_membre.unite]
    else:
        roles = (Role(chef_ou_membre.role),)
    du_bureau = Q(bureau_id=chef_ou_membre.bureau_id) if Role.AGENT in roles else Q()
    return Q(role__in=roles, is_active=True) & du_bureau


def _exiger_droit(acteur: Compte, compte: Compte) -> None:
    soi = acteur.pk == compte.pk and acteur.role in ROLES_PERSONNEL
    chef = acteur.role == Role.CHEF_EQUIPE and Compte.objects.filter(collegues(acteur), pk=compte.pk).exists()
    if not (soi or chef) or not acteur.is_active:
        raise Refus("acces_refuse", "Seuls la personne et son chef d'équipe notent une absence.")


@transaction.atomic
def declarer_absence(acteur: Compte, compte: Compte, *, du: date, au: date, remplacant: Compte | None = None) -> Compte:
    """Note l'absence d'une personne; remplace celle qui était notée.

    `champ_invalide` si elle finit avant de commencer, est passée, dure plus d'un an, ou si le remplaçant n'est pas
    de la même équipe ou est lui-même absent au premier jour.
    """
    _exiger_droit(acteur, compte)
    jour = horloge.aujourd_hui()
    if au < du:
        raise Refus("champ_invalide", "Le dernier jour vient avant le premier.", champ="au")
    if au < jour:
        raise Refus("champ_invalide", "Cette absence est déjà finie.", champ="au")
    if (au - du).days > ABSENCE_MAX:
        raise Refus("champ_invalide", "Une absence se note pour un an au plus.", champ="au")
    if remplacant is not None:
        permis = Compte.objects.filter(collegues(compte), presents(du), pk=remplacant.pk).exclude(pk=compte.pk)
        if not permis.exists():
            raise Refus("champ_invalide", "Cette personne est absente, ou d'une autre équipe.", champ="remplacant")
    Compte.objects.filter(pk=compte.pk).update(absent_du=du, absent_jusqu_au=au, remplacant=remplacant)
    consigner("declarer_absence", acteur=acteur, details={"compte": compte.pk, "du": str(du), "au": str(au)})
    compte.refresh_from_db()
    return compte


@transaction.atomic
def finir_absence(acteur: Compte, compte: Compte) -> None:
    """Efface l'absence notée : la personne est de retour, ou ne part plus."""
    _exiger_droit(acteur, compte)
    changes = Compte.objects.filter(pk=compte.pk, absent_jusqu_au__isnull=False)
    if not changes.update(absent_du=None, absent_jusqu_au=None, remplacant=None):
        raise Refus("etat_interdit", "Aucune absence n'est notée.")
    consigner("finir_absence", acteur=acteur, details={"compte": compte.pk})
