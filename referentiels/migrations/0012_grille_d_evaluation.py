import uuid
from typing import Any

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import pgtrigger.compiler
import pgtrigger.migrations
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
        ('referentiels', '0011_consignes_d_alerte'),
    ]

    operations = [
        migrations.CreateModel(
            name='QuestionGrille',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=60, verbose_name='code')),
                ('source', models.CharField(max_length=300, verbose_name='source')),
                ('certitude', models.CharField(choices=[('vue', 'Lue dans la source'), ('connue', 'Connaissance générale, non vérifiée'), ('incertaine', 'Douteuse, à vérifier'), ('choix', 'Choix de conception, réglable'), ('demonstration', 'Inventée pour la démonstration')], max_length=14, verbose_name='certitude')),
                ('en_vigueur_du', models.DateField(verbose_name='en vigueur du')),
                ('en_vigueur_au', models.DateField(blank=True, null=True, verbose_name='en vigueur au')),
                ('remplacee_le', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='remplacée le')),
                ('libelle', models.CharField(max_length=200, verbose_name='libellé')),
                ('libelle_en', models.CharField(blank=True, max_length=200, verbose_name='libellé anglais')),
                ('rang', models.PositiveSmallIntegerField(default=0, verbose_name='rang')),
                ('volet', models.CharField(choices=[('commun', 'Les deux évaluateurs'), ('medical', 'Volet médical'), ('socio', 'Volet socioprofessionnel')], max_length=10, verbose_name='volet')),
                ('genre', models.CharField(choices=[('domaines', 'Un niveau par domaine de limitation'), ('reponse', 'Oui, non, renseignement insuffisant'), ('facteur', 'Nuit, neutre, aide, inconnu'), ('age', "L'âge a-t-il pesé, et comment")], max_length=10, verbose_name='genre de réponse')),
                ('aide', models.CharField(blank=True, max_length=300, verbose_name='aide')),
            ],
            options={
                'verbose_name': 'question de la grille',
                'verbose_name_plural': 'questions de la grille',
                'ordering': ('rang', 'code', 'en_vigueur_du'),
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(('en_vigueur_au__isnull', True), ('en_vigueur_au__gte', models.F('en_vigueur_du')), _connector='OR'), name='questiongrille_periode_ordonnee'), django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('remplacee_le__isnull', True)), expressions=[('code', '='), (models.Func(models.F('en_vigueur_du'), models.F('en_vigueur_au'), models.Value('[]'), function='daterange', output_field=django.contrib.postgres.fields.ranges.DateRangeField()), '&&')], name='questiongrille_sans_chevauchement', violation_error_message='Une autre ligne de ce code est déjà en vigueur dans cette période.')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='questiongrille',
            trigger=pgtrigger.compiler.Trigger(name='jamais_effacer', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='0bc723310c7786ce212d0ab28f264bdbc02cabb4', operation='DELETE', pgid='pgtrigger_jamais_effacer_0105a', table='referentiels_questiongrille', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='questiongrille',
            trigger=pgtrigger.compiler.Trigger(name='jamais_modifier', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."code" IS DISTINCT FROM (NEW."code") OR OLD."source" IS DISTINCT FROM (NEW."source") OR OLD."certitude" IS DISTINCT FROM (NEW."certitude") OR OLD."en_vigueur_du" IS DISTINCT FROM (NEW."en_vigueur_du") OR OLD."libelle" IS DISTINCT FROM (NEW."libelle") OR OLD."libelle_en" IS DISTINCT FROM (NEW."libelle_en") OR OLD."rang" IS DISTINCT FROM (NEW."rang") OR OLD."volet" IS DISTINCT FROM (NEW."volet") OR OLD."genre" IS DISTINCT FROM (NEW."genre") OR OLD."aide" IS DISTINCT FROM (NEW."aide"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='34fa02dcaae97626d1c86887844c6f443e34d4e4', operation='UPDATE', pgid='pgtrigger_jamais_modifier_555da', table='referentiels_questiongrille', when='BEFORE')),
        ),
        migrations.RunPython(_semer, migrations.RunPython.noop, elidable=False),
    ]
