"""Seule porte de lecture des référentiels, avec un cache par processus.

**Quand le cache est-il juste ?** Chaque écriture change le jeton de `VersionReferentiels`
(`lecture.invalider`, appelé par les actes). Hors écriture, le jeton est relu au plus toutes
les `REFERENTIELS_FRAICHEUR` secondes (5 par défaut) : un autre processus voit la publication
dans ce délai. Dans la transaction qui écrit, un cache à part sert cette transaction seule; il
disparaît avec elle si elle est annulée, et le cache partagé n'a jamais rien su d'elle. Cela vaut
pour `transaction.atomic` (points de reprise compris), non pour `transaction.savepoint` à la main.

Les objets rendus sont partagés : on les lit, on ne les modifie pas.
"""

from __future__ import annotations

import datetime as dt
import itertools
import threading
import time
import uuid
from collections.abc import Hashable
from typing import Any, TypeVar

from django.conf import settings
from django.db import connection, models, transaction

from socle import horloge

from .models import (
    ConsigneAlerte,
    DelaiHabituel,
    DiagnosticEvident,
    DomaineLimitation,
    ElementManquant,
    GabaritClinicien,
    JourFerie,
    LigneAide,
    LigneDatee,
    Motif,
    NiveauLimitation,
    ObjetConsentement,
    PorteeMandat,
    PorteSoins,
    Region,
    Regle,
    SujetAppel,
    TitreProfessionnel,
    TypeQuestion,
    TypeRepresentant,
    VersionReferentiels,
    Vocabulaire,
)
from .regles import Feries, GenreFermeture, normaliser_libelle

L = TypeVar("L", bound=LigneDatee)
Table = dict[str, list[Any]]


class ReferentielAbsent(LookupError):
    """Aucune ligne de ce code n'est en vigueur ce jour-là."""

    def __init__(self, famille: str, code: str, le: dt.date) -> None:
        self.famille, self.code, self.le = famille, code, le
        super().__init__(f"Aucune ligne « {code} » ({famille}) en vigueur le {le.isoformat()}.")


class RegleAbsente(ReferentielAbsent):
    """Aucune règle de ce code n'est en vigueur ce jour-là."""


# --- Cache -----------------------------------------------------------------------------


class _Marque:
    """Témoin d'une écriture en attente : présent dans `run_on_commit` tant que rien n'est validé."""

    _numeros = itertools.count(1)

    def __init__(self) -> None:
        self.numero = next(self._numeros)

    def __call__(self) -> None:
        with _verrou:
            _partage.oublier()


class _Cache:
    """Tables déjà lues, sous un jeton de version."""

    def __init__(self) -> None:
        self.tables: dict[type[LigneDatee], Table] = {}
        self.jeton: uuid.UUID | None = None
        self.base: str = ""
        self.verifie_a: float = float("-inf")

    def oublier(self) -> None:
        self.tables, self.jeton, self.verifie_a = {}, None, float("-inf")

    def rafraichir(self) -> None:
        """Vide le cache si le jeton ou la base a changé; ne lit le jeton qu'après la fraîcheur."""
        base = f"{connection.settings_dict.get('HOST')}/{connection.settings_dict.get('NAME')}"
        maintenant = time.monotonic()
        if base == self.base and maintenant - self.verifie_a < getattr(settings, "REFERENTIELS_FRAICHEUR", 5):
            return
        jeton = VersionReferentiels.objects.values_list("jeton", flat=True).first()
        if jeton != self.jeton or base != self.base:
            self.tables = {}
        self.jeton, self.base, self.verifie_a = jeton, base, maintenant


_partage = _Cache()
_verrou = threading.RLock()
_local = threading.local()


def _ecritures_en_attente() -> tuple[int, ...]:
    """Numéros des écritures de cette connexion, ni validées ni annulées."""
    return tuple(f[1].numero for f in connection.run_on_commit if isinstance(f[1], _Marque))


def _table(modele: type[L]) -> dict[str, list[L]]:
    """Toutes les lignes retenues d'un modèle, par code, dans l'ordre d'affichage."""
    en_attente = _ecritures_en_attente()
    if en_attente:
        if getattr(_local, "cle", None) != en_attente:
            _local.cle, _local.tables = en_attente, {}
        return _lire_dans(_local.tables, modele)
    with _verrou:
        _partage.rafraichir()
        return _lire_dans(_partage.tables, modele)


def version() -> tuple[Hashable, ...]:
    """Ce qui change quand une ligne change : à mettre dans la clé de tout ce qu'on garde d'une règle lue."""
    if en_attente := _ecritures_en_attente():
        return en_attente
    with _verrou:
        _partage.rafraichir()
        return (_partage.base, _partage.jeton)


def _lire_dans(tables: dict[type[LigneDatee], Table], modele: type[L]) -> dict[str, list[L]]:
    if modele not in tables:
        par_code: Table = {}
        for ligne in modele._default_manager.filter(remplacee_le__isnull=True).order_by(*_ordre(modele)):
            par_code.setdefault(ligne.code, []).append(ligne)
        tables[modele] = par_code
    return tables[modele]


def _ordre(modele: type[models.Model]) -> list[str]:
    return [str(champ) for champ in modele._meta.ordering or ()]


def invalider() -> None:
    """À appeler après toute écriture, dans sa transaction : les lecteurs reliront.

    Sûr en cas d'annulation : le jeton et le cache de cette transaction s'annulent avec elle.
    """
    with transaction.atomic():
        VersionReferentiels.objects.update_or_create(
            id=1, defaults={"jeton": uuid.uuid4(), "change_le": horloge.maintenant()}
        )
        transaction.on_commit(_Marque())


def rechauffer() -> None:
    """Relit le jeton, puis toutes les tables d'un coup (au démarrage, ou avant de compter des requêtes)."""
    with _verrou:
        _partage.verifie_a = float("-inf")
    for modele in MODELES:
        _table(modele)


# --- Lecture ---------------------------------------------------------------------------

MODELES: tuple[type[LigneDatee], ...] = (
    Regle,
    Motif,
    ElementManquant,
    DiagnosticEvident,
    TitreProfessionnel,
    DomaineLimitation,
    NiveauLimitation,
    ObjetConsentement,
    PorteeMandat,
    Vocabulaire,
    LigneAide,
    Region,
    JourFerie,
    PorteSoins,
    SujetAppel,
    TypeRepresentant,
    GabaritClinicien,
    ConsigneAlerte,
    TypeQuestion,
)
FAMILLES: dict[str, type[LigneDatee]] = {str(m._meta.model_name): m for m in MODELES}


def _civil(le: dt.date) -> dt.date:
    if isinstance(le, dt.datetime):
        raise TypeError("Une règle se lit à une date civile : passer par `horloge.jour_civil`.")
    return le


def _trouver(modele: type[L], code: str, le: dt.date) -> L | None:
    le = _civil(le)
    return next((ligne for ligne in _table(modele).get(code, ()) if ligne.vaut_le(le)), None)


def _exiger(modele: type[L], code: str, le: dt.date) -> L:
    ligne = _trouver(modele, code, le)
    if ligne is None:
        raise ReferentielAbsent(str(modele._meta.verbose_name), code, le)
    return ligne


def _lister(modele: type[L], le: dt.date) -> tuple[L, ...]:
    le = _civil(le)
    return tuple(ligne for lignes in _table(modele).values() for ligne in lignes if ligne.vaut_le(le))


def regle(code: str, le: dt.date) -> Any:
    """Valeur de la règle `code` en vigueur le jour `le` (le jour du fait).

    Lève `RegleAbsente` si aucune n'est en vigueur.
    """
    return ligne_regle(code, le).valeur


def ligne_regle(code: str, le: dt.date) -> Regle:
    """La règle entière : valeur, unité, source. Lève `RegleAbsente`."""
    ligne = _trouver(Regle, code, le)
    if ligne is None:
        raise RegleAbsente("règle", code, le)
    return ligne


def feries(le: dt.date) -> Feries:
    """Définitions des jours fermés en vigueur le jour `le`.

    Une fermeture ponctuelle (tempête, deuil) porte sa date : elle compte quel que soit le jour
    du fait, pour qu'un délai déjà commencé ne finisse pas un jour où les portes sont closes.
    """
    le = _civil(le)
    return tuple(
        ligne.definition()
        for lignes in _table(JourFerie).values()
        for ligne in lignes
        if ligne.genre == GenreFermeture.PONCTUEL or ligne.vaut_le(le)
    )


fermetures = feries


def motif(code: str, le: dt.date) -> Motif:
    """Motif en vigueur. Lève `ReferentielAbsent`."""
    return _exiger(Motif, code, le)


def motifs(le: dt.date, sens: str = "") -> tuple[Motif, ...]:
    """Motifs en vigueur, d'un `sens` (« favorable », « defavorable ») ou de tous."""
    return tuple(m for m in _lister(Motif, le) if not sens or m.sens == sens)


def motif_existe(code: str, le: dt.date) -> bool:
    """Vrai si ce motif est en vigueur."""
    return _trouver(Motif, code, le) is not None


def element(code: str, le: dt.date) -> ElementManquant:
    """Élément manquant en vigueur. Lève `ReferentielAbsent`."""
    return _exiger(ElementManquant, code, le)


def elements(le: dt.date, qui: str = "") -> tuple[ElementManquant, ...]:
    """Éléments manquants en vigueur, que `qui` peut fournir, ou tous."""
    return tuple(e for e in _lister(ElementManquant, le) if not qui or e.qui == qui)


def element_existe(code: str, le: dt.date) -> bool:
    """Vrai si cet élément manquant est en vigueur."""
    return _trouver(ElementManquant, code, le) is not None


def titre(code: str, le: dt.date) -> TitreProfessionnel | None:
    """Titre professionnel en vigueur, ou `None`."""
    return _trouver(TitreProfessionnel, code, le)


def titres(le: dt.date) -> tuple[TitreProfessionnel, ...]:
    """Titres professionnels en vigueur, autorisés à signer ou non."""
    return _lister(TitreProfessionnel, le)


def titre_autorise(code: str, le: dt.date) -> bool:
    """Vrai si ce titre permet de signer un SR-2100 le jour `le` (jour de la signature)."""
    trouve = _trouver(TitreProfessionnel, code, le)
    return trouve is not None and trouve.peut_signer_sr2100


def diagnostic_evident(code: str, le: dt.date) -> DiagnosticEvident | None:
    """Diagnostic évident de ce code en vigueur, ou `None`."""
    return _trouver(DiagnosticEvident, code, le)


def diagnostics_evidents(le: dt.date) -> tuple[DiagnosticEvident, ...]:
    """Diagnostics évidents en vigueur."""
    return _lister(DiagnosticEvident, le)


def diagnostic_evident_identique(libelle: str, le: dt.date) -> DiagnosticEvident | None:
    """Diagnostic évident au libellé identique (`regles.normaliser_libelle`), ou `None`."""
    cherche = normaliser_libelle(libelle)
    return next((d for d in diagnostics_evidents(le) if normaliser_libelle(d.libelle) == cherche), None)


def portee(code: str, le: dt.date) -> PorteeMandat | None:
    """Portée de mandat en vigueur, ou `None`."""
    return _trouver(PorteeMandat, code, le)


def portees(le: dt.date) -> tuple[PorteeMandat, ...]:
    """Portées de mandat en vigueur, celles réservées à la personne comprises."""
    return _lister(PorteeMandat, le)


def types_representant(le: dt.date) -> tuple[TypeRepresentant, ...]:
    """Types de représentant en vigueur, chacun avec la preuve qu'il demande."""
    return _lister(TypeRepresentant, le)


def type_representant(code: str, le: dt.date) -> TypeRepresentant | None:
    """Type de représentant en vigueur, ou `None`."""
    return _trouver(TypeRepresentant, code, le)


def gabarits_clinicien(le: dt.date) -> tuple[GabaritClinicien, ...]:
    """Lettres types à une clinique, en vigueur."""
    return _lister(GabaritClinicien, le)


def domaines(le: dt.date) -> tuple[DomaineLimitation, ...]:
    """Domaines de limitation du SR-2100, dans l'ordre d'affichage."""
    return _lister(DomaineLimitation, le)


def niveaux(le: dt.date) -> tuple[NiveauLimitation, ...]:
    """Niveaux de limitation du SR-2100, dans l'ordre d'affichage."""
    return _lister(NiveauLimitation, le)


def objet_consentement(code: str, le: dt.date) -> ObjetConsentement | None:
    """Objet de consentement en vigueur, ou `None`."""
    return _trouver(ObjetConsentement, code, le)


def objets_consentement(le: dt.date) -> tuple[ObjetConsentement, ...]:
    """Objets de consentement en vigueur."""
    return _lister(ObjetConsentement, le)


def regions(le: dt.date) -> tuple[Region, ...]:
    """Régions administratives en vigueur."""
    return _lister(Region, le)


LIGNES_DE_PLAINTE = frozenset({"protecteur_citoyen"})


def lignes_aide(le: dt.date, crise: bool | None = None) -> tuple[LigneAide, ...]:
    """Lignes d'aide en vigueur; `crise` choisit celles de crise, ou les autres. Celles des plaintes se nomment."""
    lues = (ligne for ligne in _lister(LigneAide, le) if ligne.code not in LIGNES_DE_PLAINTE)
    return tuple(ligne for ligne in lues if crise is None or ligne.crise == crise)


def ligne_aide(code: str, le: dt.date) -> LigneAide | None:
    """Une ligne d'aide par son code, ou None si elle n'est pas en vigueur."""
    return next((ligne for ligne in _lister(LigneAide, le) if ligne.code == code), None)


def portes(le: dt.date, region: str = "") -> tuple[PorteSoins, ...]:
    """Portes de soins en vigueur : celles de la région, puis celles ouvertes partout; toutes, sans région."""
    toutes = _lister(PorteSoins, le)
    if not region:
        return toutes
    return (*(p for p in toutes if p.region == region), *(p for p in toutes if not p.region))


def sujets_appel(le: dt.date) -> tuple[SujetAppel, ...]:
    """Sujets d'appel en vigueur, dans l'ordre d'affichage."""
    return _lister(SujetAppel, le)


def consigne_alerte(code: str, le: dt.date) -> ConsigneAlerte | None:
    """Consigne en vigueur pour les alertes de ce code, ou `None`."""
    return _trouver(ConsigneAlerte, code, le)


def types_question(le: dt.date) -> tuple[TypeQuestion, ...]:
    """Genres de question en vigueur, dans l'ordre d'affichage."""
    return _lister(TypeQuestion, le)


def type_question(code: str, le: dt.date) -> TypeQuestion | None:
    """Un genre de question par son code, ou None s'il n'est pas en vigueur."""
    return _trouver(TypeQuestion, code, le)


def vocabulaire(code: str, le: dt.date, langue: str | None = None) -> str:
    """Expression en vigueur, dans `langue` (langue active par défaut). Lève `ReferentielAbsent`."""
    return _exiger(Vocabulaire, code, le).en_langue(langue)


def libelle(famille: str, code: str, le: dt.date, langue: str | None = None) -> str:
    """Libellé à montrer pour un code d'une `famille` (« motif », « elementmanquant », « region »…).

    Lève `KeyError` pour une famille inconnue, `ReferentielAbsent` pour un code inconnu.
    """
    return _exiger(FAMILLES[famille], code, le).dit("libelle", langue)


def delai_habituel(etape: str) -> DelaiHabituel | None:
    """Dernier délai habituel calculé pour une étape; `None` : « nous ne savons pas encore »."""
    return DelaiHabituel.objects.filter(etape=etape).order_by("-calcule_le").first()
