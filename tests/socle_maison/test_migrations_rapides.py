"""Les tables créées vite sont, à un signe près, celles d'une migration ordinaire."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection, migrations, models
from django.db.migrations.state import ModelState, ProjectState
from psycopg import sql

from cse.demarrage.migrations import sans_voisins

RACINE = Path(__file__).resolve().parents[2]
MIGRER = """
import sys
import django
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
django.setup()
from django.core.management import call_command
call_command("migrate", interactive=False, verbosity=0)
"""
CATALOGUE = """
SELECT 'colonne', table_name, column_name, data_type || udt_name || is_nullable || coalesce(column_default, '')
    || coalesce(character_maximum_length::text, '') || is_identity || coalesce(generation_expression, '')
  FROM information_schema.columns WHERE table_schema = 'public'
UNION ALL SELECT 'contrainte', conrelid::regclass::text, conname, pg_get_constraintdef(oid)
  FROM pg_constraint WHERE connamespace = 'public'::regnamespace
UNION ALL SELECT 'index', tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
UNION ALL SELECT 'déclencheur', tgrelid::regclass::text, tgname, pg_get_triggerdef(oid)
  FROM pg_trigger WHERE NOT tgisinternal
UNION ALL SELECT 'fonction', '', proname, prosrc FROM pg_proc
  WHERE pronamespace = 'public'::regnamespace AND prolang <> (SELECT oid FROM pg_language WHERE lanname = 'c')
UNION ALL SELECT 'migration', app, name, '' FROM django_migrations
"""


def _lire(nom: str) -> psycopg.Connection[tuple[Any, ...]]:
    ici = connection.settings_dict
    return psycopg.connect(
        host=ici["HOST"], port=ici["PORT"], user=ici["USER"], password=ici["PASSWORD"], dbname=nom, autocommit=True
    )


@pytest.fixture
def ordinaire() -> Iterator[str]:
    """Une base neuve, migrée comme le fait Django."""
    ici = connection.settings_dict["NAME"]
    neuve = f"{ici}_ordinaire"
    effacer = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(neuve))
    with _lire(ici) as lien:
        lien.execute(effacer)
        lien.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(neuve)))
        try:
            subprocess.run([sys.executable, "-c", MIGRER, neuve], cwd=RACINE, check=True, timeout=300)
            yield neuve
        finally:
            lien.execute(effacer)


@pytest.mark.lent
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_memes_tables_memes_contraintes_memes_declencheurs(resemer: None, ordinaire: str) -> None:
    with _lire(connection.settings_dict["NAME"]) as rapide, _lire(ordinaire) as attendue:
        lues, voulues = set(rapide.execute(CATALOGUE).fetchall()), set(attendue.execute(CATALOGUE).fetchall())
        assert lues == voulues
        assert len(lues) > 1000
        for modele in apps.get_app_config("referentiels").get_models():
            compte = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(modele._meta.db_table))
            assert rapide.execute(compte).fetchone() == attendue.execute(compte).fetchone(), modele


def test_ce_que_d_autres_modeles_lisent_se_reconstruit_en_entier() -> None:
    """Une clé, un champ unique, un lien ou un modèle dont on hérite : tout l'état se refait."""
    etat = ProjectState()
    champs: list[tuple[str, models.Field[Any, Any]]] = [
        ("id", models.BigAutoField(primary_key=True)),
        ("nom", models.CharField(max_length=5)),
        ("code", models.CharField(max_length=5, unique=True)),
    ]
    etat.add_model(ModelState("essai", "Base", champs))
    etat.add_model(ModelState("essai", "Enfant", [], bases=("essai.base",)))
    etat.add_model(ModelState("essai", "Seul", [(nom, champ.clone()) for nom, champ in champs]))

    def alterer(nom: str, champ: Any) -> bool:
        return sans_voisins(migrations.AlterField("Seul", nom, champ), "essai", etat)

    assert alterer("nom", models.CharField(max_length=9))
    assert not alterer("nom", models.CharField(max_length=9, unique=True))
    assert not alterer("code", models.CharField(max_length=9))
    assert not alterer("id", models.UUIDField(primary_key=True))
    assert not alterer("nom", models.ForeignKey("essai.Base", models.CASCADE))
    ajout = models.CharField(max_length=5, default="")
    assert sans_voisins(migrations.AddField("Seul", "autre", ajout), "essai", etat)
    assert not sans_voisins(migrations.AddField("Base", "autre", ajout), "essai", etat)
    assert not sans_voisins(migrations.RenameField("Seul", "nom", "titre"), "essai", etat)
    assert not sans_voisins(migrations.RunPython(migrations.RunPython.noop), "essai", etat)


def test_hors_de_la_demonstration_la_commande_refuse() -> None:
    with pytest.raises(CommandError, match="ne sert que sous les réglages"):
        call_command("preparer_base")
