"""Qui répond d'une alerte, avant quand, et ce qu'il doit faire. Source : `docs/rencontres.md`."""

from __future__ import annotations

from datetime import date

from django.db.models import Q, QuerySet

from comptes.absences import presents
from comptes.models import Compte, Role, Unite
from dossiers.models import Alerte, Dossier, Garde, Signalement
from referentiels import lecture as referentiels
from referentiels.models import ConsigneAlerte
from referentiels.regles import ajouter_jours_ouvrables
from socle.dates_en_mots import date_longue

# Celles qui se voient d'abord, en tête du dossier et dans les files.
PRESSANTES = frozenset({Alerte.Code.DETRESSE, Alerte.Code.CRISE, Alerte.Code.PERTE_LOGEMENT, Alerte.Code.URGENCE})
# Ces alertes-là attendent une personne nommée le jour même, pas seulement une équipe.
DU_JOUR = (Alerte.Code.DETRESSE, Alerte.Code.CRISE)


def consigne(code: str, jour: date) -> ConsigneAlerte | None:
    """Ce que l'équipe fait d'une alerte de ce code, ce jour-là."""
    return referentiels.consigne_alerte(code, jour)


def avant(lue: ConsigneAlerte, jour: date) -> date:
    """Dernier jour pour faire ce que dit la consigne; 0 jour : le jour même, fût-il fermé."""
    return ajouter_jours_ouvrables(jour, lue.delai_jours, referentiels.fermetures(jour))


def avant_en_mots(avant_le: date | None, jour: date) -> str:
    """« Aujourd'hui », « En retard : … », « Avant le … »; vide sans date."""
    if avant_le is None:
        return ""
    if avant_le == jour:
        return "Aujourd'hui"
    return f"{'En retard : prévu' if avant_le < jour else 'Avant'} le {date_longue(avant_le)}"


def _actif(jour: date) -> QuerySet[Compte]:
    return Compte.objects.filter(presents(jour), is_active=True).order_by("pk")


def _du_bureau(bureau: int, jour: date) -> Compte | None:
    """La garde du jour si elle est là, sinon le chef d'équipe du bureau."""
    garde = Garde.objects.filter(bureau=bureau, jour=jour).values("compte")
    return (
        _actif(jour).filter(pk__in=garde).first()
        or _actif(jour).filter(role=Role.CHEF_EQUIPE, unite=Unite.BUREAU, bureau=bureau).first()
    )


def repondant(dossier: Dossier, jour: date) -> Compte | None:
    """Qui répond le jour même, et peut ouvrir le dossier : la garde, le chef, l'agent, un collègue présent; ou None."""
    bureau = dossier.bureau_id
    return (
        _du_bureau(bureau, jour)
        or _actif(jour).filter(pk=dossier.agent_id or 0).first()
        or _actif(jour).filter(role=Role.AGENT, bureau=bureau).first()
    )


def repondant_sans_dossier(signale_par: Compte, jour: date) -> Compte | None:
    """Sans dossier visible : la garde ou le chef du bureau de qui signale, sinon l'administration.

    Ne dépend jamais du numéro écrit : la réponse ne dit pas si ce dossier existe.
    """
    du_bureau = _du_bureau(signale_par.bureau_id, jour) if signale_par.bureau_id else None
    return du_bureau or administration(jour)


def administration(jour: date) -> Compte | None:
    return _actif(jour).filter(role=Role.ADMINISTRATEUR).first()


def alertes_pour(personne: Compte) -> QuerySet[Alerte]:
    """Alertes vivantes dont cette personne répond, sur des dossiers qu'elle peut ouvrir; la plus pressante d'abord."""
    visibles = Dossier.objects.visibles_par(personne, "alerte.lever").filter(fusionne_dans__isnull=True)
    return (
        Alerte.objects.filter(pour=personne, close_le__isnull=True, dossier__in=visibles.values("pk"))
        .select_related("dossier__prestataire", "signalee_par")
        .order_by("avant_le", "pk")
    )


def signalements_pour(personne: Compte) -> QuerySet[Signalement]:
    """Signalements sans dossier qui attendent cette personne; ceux que nul n'a reçus vont à l'administration."""
    a_qui = Q(pour=personne)
    if personne.role == Role.ADMINISTRATEUR:
        a_qui |= Q(pour__isnull=True) | Q(pour__is_active=False)
    return Signalement.objects.filter(a_qui, close_le__isnull=True).select_related("signale_par").order_by("pk")
