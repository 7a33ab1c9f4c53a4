"""Ajoute les limites des dates là où la base existait déjà; rien n'est repris en marche arrière."""

import uuid
from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from referentiels.semence import DEPUIS
from referentiels.semence.regles import REGLES
from socle import horloge

CODES = ("date_effet_passee_max_annees", "date_effet_a_venir_max_annees", "delai_complement_max_mois")


def _semer(apps: Any, _schema: BaseDatabaseSchemaEditor) -> None:
    regles = apps.get_model("referentiels", "Regle")._base_manager
    connus = set(regles.filter(code__in=CODES).values_list("code", flat=True))
    manquent = [regle for regle in REGLES if regle["code"] in CODES and regle["code"] not in connus]
    for regle in manquent:
        regles.create(en_vigueur_du=DEPUIS, **regle)
    if manquent:
        apps.get_model("referentiels", "VersionReferentiels").objects.update_or_create(
            id=1, defaults={"jeton": uuid.uuid4(), "change_le": horloge.maintenant()}
        )


class Migration(migrations.Migration):
    dependencies = [("referentiels", "0005_code_patient")]

    operations = [migrations.RunPython(_semer, migrations.RunPython.noop, elidable=False)]
