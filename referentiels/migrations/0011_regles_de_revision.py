import uuid
from typing import Any

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from referentiels.semence import semer
from socle import horloge


def _semer(apps: Any, _schema: BaseDatabaseSchemaEditor) -> None:
    """Ajoute ce qui manque aux listes; rien n'est repris en marche arrière."""
    if semer(lambda nom: apps.get_model("referentiels", nom)):
        apps.get_model("referentiels", "VersionReferentiels").objects.update_or_create(
            id=1, defaults={"jeton": uuid.uuid4(), "change_le": horloge.maintenant()}
        )


class Migration(migrations.Migration):

    dependencies = [
        ('referentiels', '0010_types_de_question'),
    ]

    operations = [
        migrations.RunPython(_semer, migrations.RunPython.noop, elidable=False),
    ]
