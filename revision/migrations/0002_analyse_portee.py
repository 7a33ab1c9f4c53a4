"""La révision porte les réponses de ses réviseurs; un brouillon dit s'il répond à une question de la loi."""

import json

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

import socle.champs


def dire_ce_qui_repond(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Les brouillons déjà gardés, deux au plus par révision ouverte."""
    brouillons = apps.get_model("revision", "BrouillonRevision").objects
    repondent = [
        un.pk for un in brouillons.only("contenu_json").iterator() if json.loads(un.contenu_json).get("questions")
    ]
    brouillons.filter(pk__in=repondent).update(repond=True)


class Migration(migrations.Migration):
    dependencies = [
        ("revision", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="revision",
            name="analyse_json",
            field=socle.champs.TexteChiffre(
                blank=True, default="", verbose_name="réponses et raisons portées par la première signature"
            ),
        ),
        migrations.AddField(
            model_name="brouillonrevision",
            name="repond",
            field=models.BooleanField(default=False, verbose_name="répond à une question de la loi"),
        ),
        migrations.RunPython(dire_ce_qui_repond, migrations.RunPython.noop),
    ]
