"""Le rôle de l'application ajoute au journal et n'y change rien; il ne possède aucune table."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import ProgrammingError, connection, transaction
from django.db.backends.utils import CursorWrapper

from cse.management.commands.accorder_droits import accorder, tables_en_ajout_seul

ROLE = "cse_application"
PREMIERE_COLONNE = {
    modele._meta.db_table: modele._meta.concrete_fields[0].column
    for modele in apps.get_app_config("journal").get_models()
}


@pytest.fixture
def sous_le_role(db: None) -> Iterator[CursorWrapper]:
    """Agir sous le rôle de l'application, droits accordés dans la transaction de l'essai."""
    with connection.cursor() as curseur:
        curseur.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE])
        if curseur.fetchone() is None:
            curseur.execute(f"CREATE ROLE {ROLE}")
        accorder(curseur, ROLE)
        curseur.execute(f"SET LOCAL ROLE {ROLE}")
        yield curseur
        curseur.execute("RESET ROLE")


@pytest.mark.parametrize("table", tables_en_ajout_seul())
@pytest.mark.parametrize("ordre", ["UPDATE {} SET {} = NULL", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_le_journal_ne_se_change_pas(sous_le_role: CursorWrapper, table: str, ordre: str) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        sous_le_role.execute(ordre.format(f'"{table}"', PREMIERE_COLONNE[table]))


def test_le_journal_se_lit_et_s_allonge(sous_le_role: CursorWrapper) -> None:
    sous_le_role.execute(
        "INSERT INTO journal_entree (instant, nature, acte, role, etat, code_refus, details)"
        " VALUES (CURRENT_TIMESTAMP, 'acte', 'essai', '', '', '', '{}')"
    )
    sous_le_role.execute("SELECT count(*) FROM journal_entree WHERE acte = 'essai'")
    assert sous_le_role.fetchone() == (1,)


def test_les_autres_tables_se_modifient(sous_le_role: CursorWrapper) -> None:
    sous_le_role.execute("UPDATE dossiers_dossier SET id = id WHERE id < 0")
    sous_le_role.execute("DELETE FROM django_session WHERE session_key = ''")


@pytest.mark.parametrize(
    "ordre",
    [
        "CREATE TABLE intruse (id int)",
        "ALTER TABLE journal_entree DISABLE TRIGGER ALL",
        "DROP TABLE dossiers_dossier CASCADE",
        "TRUNCATE dossiers_dossier CASCADE",
        "DELETE FROM django_migrations",
    ],
)
def test_le_schema_lui_est_ferme(sous_le_role: CursorWrapper, ordre: str) -> None:
    with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"), transaction.atomic():
        sous_le_role.execute(ordre)


def test_il_ne_possede_rien(sous_le_role: CursorWrapper) -> None:
    sous_le_role.execute("SELECT count(*) FROM pg_tables WHERE tableowner = %s", [ROLE])
    assert sous_le_role.fetchone() == (0,)
