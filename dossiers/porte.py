"""La porte des actes : transaction, verrou, accès, acte, histoire; dans cet ordre et nulle part ailleurs.

Source : `conception.md` §2 et §5; `epreuves.md` E2.3.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import translation

from comptes.models import Compte, Role
from dossiers import acces
from dossiers.models import Demande, Dossier, Participation
from journal.actes import consigner
from journal.models import Entree
from socle import horloge
from socle.refus import Refus


class DejaFait(Exception):
    """La même soumission a déjà été reçue : l'effet existe, il n'est pas refait (`epreuves.md` C03)."""

    def __init__(self, entree: Entree) -> None:
        super().__init__(entree.acte)
        self.entree = entree


@dataclass
class Contexte:
    """Ce qu'un acte sait : qui agit, sur quel dossier verrouillé, quand; et ce qu'il veut laisser au journal."""

    acteur: Compte
    dossier: Dossier
    nom: str
    instant: datetime
    jour: date
    details: dict[str, Any] = field(default_factory=dict)
    cible: Demande | None = None
    echeances_a_revoir: bool = False

    @property
    def courante(self) -> Demande:
        """Demande courante; sans demande, aucun acte n'est permis (`etat_interdit`)."""
        demande = self.dossier.courante
        if demande is None:
            raise Refus("etat_interdit")
        return demande

    def participer(self, demande: Demande, qualite: str, personne: Compte | None = None) -> None:
        """Inscrit la part prise par une personne à la décision; c'est ce que lit le conflit d'intérêts."""
        Participation.objects.create(
            demande=demande, personne=personne or self.acteur, qualite=qualite, le=self.instant
        )


@dataclass(frozen=True)
class Acte:
    """Un acte administratif inscrit : son nom, le droit qu'il exige, sa fonction."""

    nom: str
    droit: str
    fonction: Callable[..., Any]
    parametres: frozenset[str]
    consultation: bool = False


ACTES: dict[str, Acte] = {}
# Sur un dossier réuni à un autre : le séparer, finir ce qui était parti, et tout retrait, toujours immédiat.
SUR_UN_REUNI = frozenset(
    {"defaire_fusion", "prouver_reception", "clore_tache_de_lettre", "retirer_consentement", "revoquer_mandat"}
)


def acte(
    nom: str, droit: str, *, champs: Iterable[str] = (), consultation: bool = False
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Inscrit une fonction d'`actes.py` sous le nom de l'acte; `droit` est lu dans la matrice.

    `champs` nomme ce que la fonction reçoit en `**champs` (les champs d'un formulaire).
    """

    def inscrire(fonction: Callable[..., Any]) -> Callable[..., Any]:
        if nom in ACTES:
            raise ValueError(f"acte inscrit deux fois : {nom}")
        signature = list(inspect.signature(fonction).parameters.values())[1:]
        parametres = {p.name for p in signature if p.kind is not p.VAR_KEYWORD} | set(champs)
        ACTES[nom] = Acte(nom, droit, fonction, frozenset(parametres), consultation)
        return fonction

    return inscrire


def _verrouiller(dossier: Dossier, seulement_lire: bool) -> Dossier:
    requete = Dossier.objects.all() if seulement_lire else Dossier.objects.select_for_update(of=("self",))
    return requete.get(pk=dossier.pk)


def _exiger_vivant(inscrit: Acte, acteur: Compte, dossier: Dossier) -> None:
    """Un dossier réuni à un autre se lit encore; on n'y travaille plus. Le système finit ce qu'il a commencé."""
    if dossier.fusionne_dans is None or acteur.role == Role.SYSTEME or inscrit.nom in SUR_UN_REUNI:
        return
    raise Refus("etat_interdit", f"Ce dossier est réuni au dossier {dossier.fusionne_dans.reference}. Travaillez-y.")


def _jouer(inscrit: Acte, acteur: Compte, dossier: Dossier, cle: UUID | None, donnees: dict[str, Any]) -> Any:
    from dossiers import suivi  # suivi lit les apps par des registres; il n'est utile qu'à la fin d'un acte

    verrouille = _verrouiller(dossier, inscrit.consultation)
    ctx = Contexte(acteur, verrouille, inscrit.nom, horloge.maintenant(), horloge.aujourd_hui())
    if not inscrit.consultation:
        acces.exiger(acteur, inscrit.droit, verrouille)
        _exiger_vivant(inscrit, acteur, verrouille)
    inconnus = sorted(set(donnees) - inscrit.parametres)
    if inconnus:
        raise Refus("champ_invalide", f"Ce renseignement n'est pas attendu ici : {inconnus[0]}.", champ=inconnus[0])
    resultat = inscrit.fonction(ctx, **donnees)
    if not inscrit.consultation:
        suivi.tenir_a_jour(ctx)
    cible = ctx.cible or verrouille.courante
    consigner(
        inscrit.nom,
        acteur=acteur,
        dossier=verrouille,
        nature=Entree.Nature.CONSULTATION if inscrit.consultation else Entree.Nature.ACTE,
        details=ctx.details,
        cle=cle,
        demande_id=cible.pk if cible else None,
        etat=str(cible.etat) if cible else "",
    )
    return resultat


@contextmanager
def tenir(dossier: Dossier) -> Iterator[None]:
    """Tient le dossier le temps de relire ce qu'un acte suppose, puis de le jouer : rien ne change entre les deux."""
    with transaction.atomic():
        _verrouiller(dossier, False)
        yield


def deja_recue(cle: UUID | None) -> bool:
    """Vrai si la soumission qui porte ce jeton a déjà eu son effet."""
    return cle is not None and Entree.objects.filter(cle=cle).exists()


def executer(nom: str, *, acteur: Compte, dossier: Dossier, cle: UUID | None = None, **donnees: Any) -> Any:
    """Joue un acte, entièrement ou pas du tout, et laisse une ligne au journal.

    `cle` est le jeton du formulaire : la même clé deux fois lève `DejaFait`. Un `Refus` annule tout,
    laisse une ligne `tentative` écrite après l'annulation, puis remonte à l'appelant.
    """
    inscrit = ACTES[nom]
    try:
        # Ce qu'un acte écrit se dit en français, quelle que soit la langue de la page d'où il vient.
        with translation.override(settings.LANGUAGE_CODE), transaction.atomic():
            if cle is not None:
                _verrouiller(dossier, False)
                deja = Entree.objects.filter(cle=cle).first()
                if deja is not None:
                    raise DejaFait(deja)
            return _jouer(inscrit, acteur, dossier, cle, donnees)
    except Refus as refus:
        consigner(nom, acteur=acteur, dossier=dossier, nature=Entree.Nature.TENTATIVE, code_refus=refus.code)
        raise
