"""Migrer sans reconstruire tous les modèles à chaque opération.

Django reconstruit, après chaque opération, le modèle touché et tous ceux qui lui sont liés, de proche en proche :
ici, presque tous, des centaines de fois. La plupart des opérations (créer une table, ajouter une colonne, un index,
une contrainte, un déclencheur) ne regardent que leur modèle et ceux qu'il désigne. Pour elles, seul le modèle touché
est reconstruit; avant toute autre opération, tout l'est, à neuf. Le SQL exécuté est le même.

Ne sert qu'à la démonstration et aux essais, qui partent d'une base neuve; la production migre par `migrate` seul.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib.postgres.operations import CreateExtension
from django.db.migrations import operations
from django.db.migrations.migration import Migration
from django.db.migrations.state import ProjectState
from pgtrigger.migrations import AddTrigger, RemoveTrigger

# Ces opérations ne lisent que leur modèle et les clés primaires de ceux qu'il désigne.
SANS_VOISINS = (
    operations.CreateModel,
    operations.AddField,
    operations.AddIndex,
    operations.RemoveIndex,
    operations.AddConstraint,
    operations.RemoveConstraint,
    operations.AlterModelOptions,
    operations.AlterUniqueTogether,
    AddTrigger,
    RemoveTrigger,
    CreateExtension,
)


def sans_voisins(operation: Any, app: str, etat: ProjectState) -> bool:
    """Vrai si l'opération ne regarde que son modèle : aucun autre ne dépend de ce qu'elle change."""
    nom = str(getattr(operation, "model_name", None) or getattr(operation, "name", "")).lower()
    if any(
        isinstance(base, str) and base.lower() == f"{app}.{nom}" for un in etat.models.values() for base in un.bases
    ):
        return False
    if isinstance(operation, operations.AlterField):
        champs = (operation.field, etat.models[app, nom].fields[operation.name])
        return not any(un.is_relation or un.primary_key or un.unique for un in champs)
    return type(operation) in SANS_VOISINS or isinstance(operation, CreateExtension)


@contextmanager
def _seul_le_modele_touche() -> Iterator[None]:
    """Ne reconstruire que le modèle nommé."""
    # Les types de Django taisent ses méthodes privées; un essai `lent` compare le résultat à une migration ordinaire.
    trouver = ProjectState._find_reload_model  # type: ignore[attr-defined]

    def seul(etat: ProjectState, app: str, nom: str, delay: bool = False) -> set[tuple[str, str]]:
        etat.is_delayed = True
        return {(app, nom)}

    ProjectState._find_reload_model = seul  # type: ignore[attr-defined]
    try:
        yield
    finally:
        ProjectState._find_reload_model = trouver  # type: ignore[attr-defined]


def _tout_reconstruire(etat: ProjectState) -> None:
    """Rendre l'état tel que Django le tient : tous les modèles, liés entre eux, une seule fois."""
    if etat.is_delayed or "apps" not in etat.__dict__:
        etat.__dict__.pop("apps", None)
        etat.is_delayed = False
        etat.apps  # noqa: B018 - la lecture construit


@contextmanager
def migrations_rapides() -> Iterator[None]:
    """Le temps du bloc, chaque migration s'applique ainsi."""
    entiere = Migration.apply

    def appliquer(migration: Migration, etat: ProjectState, editeur: Any, collect_sql: bool = False) -> ProjectState:
        toutes = migration.operations
        try:
            for operation in toutes:
                migration.operations = [operation]  # type: ignore[misc]
                if sans_voisins(operation, migration.app_label, etat):
                    with _seul_le_modele_touche():
                        etat = entiere(migration, etat, editeur, collect_sql)
                else:
                    _tout_reconstruire(etat)
                    etat = entiere(migration, etat, editeur, collect_sql)
        finally:
            migration.operations = toutes  # type: ignore[misc]
        return etat

    Migration.apply = appliquer  # type: ignore[method-assign, assignment]
    try:
        yield
    finally:
        Migration.apply = entiere  # type: ignore[method-assign]
