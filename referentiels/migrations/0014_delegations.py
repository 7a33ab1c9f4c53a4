import uuid
from typing import Any

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models
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
        ('referentiels', '0013_suites_de_decision'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Delegation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('du', models.DateField(verbose_name='premier jour')),
                ('au', models.DateField(verbose_name='dernier jour')),
                ('motif', models.CharField(max_length=300, verbose_name='motif')),
                ('nommee_le', models.DateTimeField(verbose_name='nommée le')),
                ('revoquee_le', models.DateTimeField(blank=True, null=True, verbose_name='révoquée le')),
                ('delegue', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='personne déléguée')),
                ('nommee_par', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='nommée par')),
                ('titulaire', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='titulaire absent')),
            ],
            options={
                'verbose_name': 'délégation',
                'ordering': ('-du', '-pk'),
            },
        ),
        migrations.AddField(
            model_name='publication',
            name='delegation',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='publications', to='referentiels.delegation', verbose_name='tranchée par délégation'),
        ),
        migrations.AddConstraint(
            model_name='delegation',
            constraint=models.CheckConstraint(condition=models.Q(('au__gte', models.F('du'))), name='delegation_periode_ordonnee'),
        ),
        migrations.AddConstraint(
            model_name='delegation',
            constraint=models.CheckConstraint(condition=models.Q(('titulaire', models.F('delegue')), _negated=True), name='delegation_deux_personnes'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='delegation',
            trigger=pgtrigger.compiler.Trigger(name='jamais_effacer', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='d867283db534e84b616c6479fd75df8267983824', operation='DELETE', pgid='pgtrigger_jamais_effacer_2d985', table='referentiels_delegation', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='delegation',
            trigger=pgtrigger.compiler.Trigger(name='jamais_modifier', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."titulaire_id" IS DISTINCT FROM (NEW."titulaire_id") OR OLD."delegue_id" IS DISTINCT FROM (NEW."delegue_id") OR OLD."du" IS DISTINCT FROM (NEW."du") OR OLD."au" IS DISTINCT FROM (NEW."au") OR OLD."motif" IS DISTINCT FROM (NEW."motif") OR OLD."nommee_par_id" IS DISTINCT FROM (NEW."nommee_par_id") OR OLD."nommee_le" IS DISTINCT FROM (NEW."nommee_le"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='fefbaab45ef1ad361c18d5aa39e449cad829e831', operation='UPDATE', pgid='pgtrigger_jamais_modifier_dcf44', table='referentiels_delegation', when='BEFORE')),
        ),
        migrations.RunPython(_semer, migrations.RunPython.noop, elidable=False),
    ]
