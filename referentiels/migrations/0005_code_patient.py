"""Ajoute la durée d'un code de patient là où la base existait déjà; rien n'est repris en marche arrière."""

import uuid
from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from referentiels.semence import DEPUIS
from referentiels.semence.regles import REGLES
from socle import horloge

CODE = "code_patient_jours"


def _semer(apps: Any, _schema: BaseDatabaseSchemaEditor) -> None:
    regles = apps.get_model("referentiels", "Regle")._base_manager
    if regles.filter(code=CODE).exists():
        return
    ligne = next(regle for regle in REGLES if regle["code"] == CODE)
    regles.create(en_vigueur_du=DEPUIS, **ligne)
    apps.get_model("referentiels", "VersionReferentiels").objects.update_or_create(
        id=1, defaults={"jeton": uuid.uuid4(), "change_le": horloge.maintenant()}
    )


class Migration(migrations.Migration):
    dependencies = [("referentiels", "0004_codes_de_diagnostic")]

    operations = [migrations.RunPython(_semer, migrations.RunPython.noop, elidable=False)]
