"""Accorder au rôle de l'application ce qu'il lui faut, et rien de plus."""

from __future__ import annotations

from typing import Any

import environ
from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.backends.utils import CursorWrapper
from psycopg import sql

# Ces apps n'admettent que l'ajout; `django_migrations` ne se lit que.
EN_AJOUT_SEUL = ("journal",)
EN_LECTURE_SEULE = ("django_migrations",)


def role_application() -> str:
    """Rendre le rôle que prend l'application : réglage, sinon utilisateur de `DATABASE_URL`."""
    if settings.ROLE_APPLICATION:
        return str(settings.ROLE_APPLICATION)
    env = environ.FileAwareEnv()
    if env.str("DATABASE_URL", default=""):
        return str(env.db_url("DATABASE_URL")["USER"])
    return "cse_application"


def tables_en_ajout_seul() -> list[str]:
    """Rendre les tables où l'application ne peut ni modifier ni effacer."""
    return sorted(
        modele._meta.db_table
        for app in EN_AJOUT_SEUL
        for modele in apps.get_app_config(app).get_models(include_auto_created=True)
    )


def accorder(curseur: CursorWrapper, role: str) -> None:
    """Accorder les droits à `role`; l'utilisateur courant doit posséder les tables.

    Lire, ajouter, modifier et effacer partout, sauf au journal (lire, ajouter) et aux
    migrations (lire). Jamais TRUNCATE, ni création d'objets.
    """
    nom = sql.Identifier(role)
    schema = [
        "GRANT USAGE ON SCHEMA public TO {role}",
        "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
        "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role}",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
        "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {role}",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {role}",
    ]
    for ordre in schema:
        curseur.execute(sql.SQL(ordre).format(role=nom))
    for table in tables_en_ajout_seul():
        retrait = sql.SQL("REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {role}")
        curseur.execute(retrait.format(table=sql.Identifier(table), role=nom))
    for table in EN_LECTURE_SEULE:
        retrait = sql.SQL("REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON {table} FROM {role}")
        curseur.execute(retrait.format(table=sql.Identifier(table), role=nom))


class Command(BaseCommand):
    """À lancer après chaque `migrate`, sous le rôle qui possède."""

    help = "Accorde ses droits au rôle de l'application (à lancer après migrate)."
    requires_migrations_checks = True

    def handle(self, *args: Any, **options: Any) -> None:
        """Accorder, ou refuser en production si un seul rôle fait tout."""
        role = role_application()
        if role == connection.settings_dict["USER"]:
            message = (
                f"L'application et les migrations partagent le rôle « {role} » : "
                "nommez le propriétaire dans DATABASE_URL_MIGRATION."
            )
            if not settings.DEMONSTRATION and not settings.DEBUG:
                raise CommandError(message)
            self.stderr.write(message)
            return
        with connection.cursor() as curseur:
            curseur.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role])
            if curseur.fetchone() is None:
                raise CommandError(f"Le rôle « {role} » n'existe pas dans PostgreSQL; créez-le d'abord.")
            accorder(curseur, role)
        self.stdout.write(f"Droits accordés à « {role} ».")
