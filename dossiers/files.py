"""Files de travail : pages par clé sur l'index de la file, comptes bornés, rangées du tableau.

L'ordre est partout le même : échéance la plus proche, puis demande la plus ancienne. Rien n'est compté
au-delà de `BORNE` ni sauté, pour répondre aussi vite avec un million de dossiers (`epreuves.md`, charge).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.core import signing
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Q
from django.urls import NoReverseMatch, reverse

from comptes.models import Compte
from dossiers.etats import Balle
from dossiers.models import Alerte, Dossier
from dossiers.pages import suite
from dossiers.requetes import DossierQuerySet
from dossiers.urgences import PRESSANTES
from socle import composants, dates_en_mots
from socle.pages import PageParCle

BORNE = 1000
SEL = "dossiers.files.curseur"
TAILLE = 25
# Une file se lit en trois tronçons, dans l'ordre de l'index : datés, déposés sans date, sans demande.
TRONCONS: tuple[tuple[Q, tuple[str, ...]], ...] = (
    (Q(avant_le__isnull=False), ("avant_le", "depose_le", "pk")),
    (Q(avant_le__isnull=True, depose_le__isnull=False), ("depose_le", "pk")),
    (Q(avant_le__isnull=True, depose_le__isnull=True), ("pk",)),
)
OUVERT_DEPUIS, ALERTES = 3, 4  # rangs de colonnes
COLONNES = (
    composants.Colonne("Personne et dossier"),
    composants.Colonne("Prochaine étape · à faire par", muette=True),
    composants.Colonne("Avant le"),
    composants.Colonne("Ouvert depuis", nombre=True),
    composants.Colonne("Alertes", muette=True),
)
LEGENDE = "Échéance la plus proche d'abord, puis demande la plus ancienne."


def compter(dossiers: Any) -> int:
    """Nombre de lignes, compté jusqu'à `BORNE` + 1 et pas plus loin."""
    return int(dossiers.order_by()[: BORNE + 1].count())


def compter_plusieurs(requetes: Iterable[Any]) -> list[int]:
    """Comme `compter`, pour plusieurs files, en une seule requête."""
    morceaux: list[str] = []
    parametres: list[Any] = []
    for requete in requetes:
        try:
            sql, liees = requete.order_by().values("pk")[: BORNE + 1].query.sql_with_params()
        except EmptyResultSet:
            sql, liees = "SELECT 1 WHERE FALSE", ()
        morceaux.append(f"(SELECT COUNT(*) FROM ({sql}) AS bornee)")  # noqa: S608 - SQL composé par Django, valeurs liées
        parametres += liees
    with connection.cursor() as curseur:
        curseur.execute(f"SELECT {', '.join(morceaux)}", parametres)
        ligne = curseur.fetchone()
    return [int(compte) for compte in ligne or ()]


def compte_en_mots(compte: int) -> str:
    """« 41 », ou « 1 000+ » au-delà de la borne."""
    return f"{BORNE // 1000} 000+" if compte > BORNE else str(compte)


def onglet(texte: str, url: str, compte: int, actif: bool) -> composants.Lien:
    """Onglet d'une file avec son compte borné."""
    if compte > BORNE:
        return composants.Lien(f"{texte} ({compte_en_mots(compte)})", url, actif)
    return composants.Lien(texte, url, actif, compte)


def _au_dela(champs: tuple[str, ...], bornes: list[Any], recule: bool) -> Q:
    sens = "lt" if recule else "gt"
    condition, egaux = Q(), Q()
    for champ, borne in zip(champs, bornes, strict=True):
        condition |= egaux & Q(**{f"{champ}__{sens}": borne})
        egaux &= Q(**{champ: borne})
    # Répétée en tête, la première borne laisse l'index partir du bon endroit.
    return Q(**{f"{champs[0]}__{sens}e": bornes[0]}) & condition


def _lire(curseur: str) -> tuple[str, int, list[Any]]:
    try:
        sens, rang, *bornes = signing.loads(curseur, salt=SEL)
    except (signing.BadSignature, ValueError, TypeError):
        return "apres", 0, []
    return str(sens), int(rang), bornes


def _curseur(sens: str, dossier: Dossier) -> str:
    rang = 0 if dossier.avant_le else 1 if dossier.depose_le else 2
    valeurs = [getattr(dossier, champ) for champ in TRONCONS[rang][1]]
    return signing.dumps([sens, rang, *(v.isoformat() if isinstance(v, date) else v for v in valeurs)], salt=SEL)


def _lire_troncons(dossiers: DossierQuerySet, sens: str, depart: int, bornes: list[Any], voulu: int) -> list[Dossier]:
    recule = sens == "avant"
    lus: list[Dossier] = []
    for rang in range(depart, -1, -1) if recule else range(depart, len(TRONCONS)):
        filtre, champs = TRONCONS[rang]
        troncon = dossiers.filter(filtre, fusionne_dans__isnull=True)
        if rang == depart:
            troncon = troncon.filter(_au_dela(champs, bornes, recule))
        ordre = [f"-{champ}" for champ in champs] if recule else list(champs)
        lus += list(troncon.order_by(*ordre)[: voulu - len(lus)])
        if len(lus) >= voulu:
            break
    return lus[::-1] if recule else lus


def page_de_file(dossiers: DossierQuerySet, curseur: str, taille: int = TAILLE) -> PageParCle[Dossier]:
    """Une page de la file; `curseur` illisible ou vide : la première page."""
    sens, depart, bornes = _lire(curseur)
    if not bornes:
        lus = list(dossiers.pour_file()[: taille + 1])
        objets = lus[:taille]
        return PageParCle(objets, suivants=_curseur("apres", objets[-1]) if len(lus) > taille else "")
    lus = _lire_troncons(dossiers, sens, depart, bornes, taille + 1)
    encore = len(lus) > taille
    recule = sens == "avant"
    objets = (lus[1:] if encore else lus) if recule else lus[:taille]
    if not objets:
        return PageParCle([])
    a_la_suite, avant = (True, encore) if recule else (encore, True)
    return PageParCle(
        objets,
        suivants=_curseur("apres", objets[-1]) if a_la_suite else "",
        precedents=_curseur("avant", objets[0]) if avant else "",
    )


def etiquette_alerte(alerte: Alerte) -> composants.Etiquette:
    """Étiquette d'une alerte vivante."""
    precision = f" : {alerte.precision}" if alerte.precision else ""
    return composants.Etiquette(
        f"{alerte.get_code_display()}{precision}", "alerte" if alerte.code in PRESSANTES else "info"
    )


def alertes_de(dossiers: Iterable[Dossier]) -> dict[int, list[composants.Etiquette]]:
    """Alertes vivantes de ces dossiers, en une requête."""
    par_dossier: dict[int, list[composants.Etiquette]] = {}
    for alerte in Alerte.objects.filter(dossier__in=[d.pk for d in dossiers], close_le__isnull=True):
        par_dossier.setdefault(alerte.dossier_id, []).append(etiquette_alerte(alerte))
    return par_dossier


def adresse_dossier(dossier: Dossier) -> str:
    """Adresse du sommaire, ou rien si la page n'existe pas dans cette installation."""
    try:
        return reverse("dossier_sommaire", args=[dossier.reference])
    except NoReverseMatch:
        return ""


def rangee(
    dossier: Dossier, personne: Compte, jour: date, alertes: list[composants.Etiquette] | None = None
) -> composants.Rangee:
    """Une rangée de file; `dossier` est lu avec son prestataire et son agent."""
    etape = suite(dossier, personne)
    balle = etape.balle
    if dossier.balle == Balle.AGENT and dossier.agent_id is None:
        balle = composants.Balle("Sans responsable")
    return composants.Rangee(
        (
            composants.Cellule(
                dossier.prestataire.nom_complet, url=adresse_dossier(dossier), reference=dossier.reference
            ),
            composants.Cellule(etape.etape, balle=balle),
            composants.Cellule(echeance=dossier.avant_le) if dossier.avant_le else composants.Cellule("Aucune date"),
            composants.Cellule(dates_en_mots.depuis(dossier.depose_le) if dossier.depose_le else "—"),
            composants.Cellule(etiquettes=alertes or ()),
        ),
        en_retard=dossier.avant_le is not None and dossier.avant_le < jour,
    )


def rangees(dossiers: Iterable[Dossier], personne: Compte, jour: date) -> list[composants.Rangee]:
    """Rangées d'une page, alertes lues d'un coup."""
    lus = list(dossiers)
    alertes = alertes_de(lus)
    return [rangee(dossier, personne, jour, alertes.get(dossier.pk)) for dossier in lus]


def avec_colonne(
    titre: str, textes: list[str], lues: list[composants.Rangee], legende: str, *, sans: int
) -> composants.Tableau:
    """Les mêmes rangées, un texte après le nom de chacune, à la place de la colonne de rang `sans` (cinq au plus)."""

    def refaire(suite: Sequence[Any], une: Any) -> tuple[Any, ...]:
        return (suite[0], une, *(autre for rang, autre in enumerate(suite) if rang not in (0, sans)))

    rangees = [
        composants.Rangee(refaire(une.cellules, composants.Cellule(texte)), une.en_retard)
        for une, texte in zip(lues, textes, strict=True)
    ]
    colonnes = refaire(COLONNES, composants.Colonne(titre))
    return composants.Tableau(colonnes, [composants.Groupe(rangees)], legende)
