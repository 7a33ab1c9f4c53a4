import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('referentiels', '0003_jour_ferme_complet'),
    ]

    operations = [
        migrations.CreateModel(
            name='MotDiagnostic',
            fields=[
                ('mot', models.CharField(max_length=40, primary_key=True, serialize=False, verbose_name='mot')),
                ('voisins', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), default=list, size=None, verbose_name='voisins')),
            ],
            options={
                'verbose_name': 'mot des libellés',
                'verbose_name_plural': 'mots des libellés',
                'ordering': ('mot',),
            },
        ),
        migrations.CreateModel(
            name='CodeDiagnostic',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=60, verbose_name='code')),
                ('source', models.CharField(max_length=300, verbose_name='source')),
                ('certitude', models.CharField(choices=[('vue', 'Lue dans la source'), ('connue', 'Connaissance générale, non vérifiée'), ('incertaine', 'Douteuse, à vérifier'), ('choix', 'Choix de conception, réglable'), ('demonstration', 'Inventée pour la démonstration')], max_length=14, verbose_name='certitude')),
                ('en_vigueur_du', models.DateField(verbose_name='en vigueur du')),
                ('en_vigueur_au', models.DateField(blank=True, null=True, verbose_name='en vigueur au')),
                ('remplacee_le', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='remplacée le')),
                ('libelle', models.CharField(blank=True, max_length=300, verbose_name='libellé')),
                ('libelle_en', models.CharField(blank=True, max_length=300, verbose_name='libellé anglais')),
                ('liste', models.CharField(max_length=80, verbose_name='liste')),
                ('cle', models.CharField(max_length=20, verbose_name='clé de recherche')),
                ('texte', models.CharField(max_length=400, verbose_name='texte de recherche')),
                ('vecteur', django.contrib.postgres.search.SearchVectorField(verbose_name='mots indexés')),
            ],
            options={
                'verbose_name': 'code de diagnostic',
                'verbose_name_plural': 'codes de diagnostic',
                'ordering': ('code', 'en_vigueur_du'),
                'abstract': False,
                'indexes': [models.Index(fields=['cle'], name='codediagnostic_cle', opclasses=['varchar_pattern_ops']), django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=['vecteur'], name='codediagnostic_vecteur')],
                'constraints': [models.CheckConstraint(condition=models.Q(('en_vigueur_au__isnull', True), ('en_vigueur_au__gte', models.F('en_vigueur_du')), _connector='OR'), name='codediagnostic_periode_ordonnee'), django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('remplacee_le__isnull', True)), expressions=[('code', '='), (models.Func(models.F('en_vigueur_du'), models.F('en_vigueur_au'), models.Value('[]'), function='daterange', output_field=django.contrib.postgres.fields.ranges.DateRangeField()), '&&')], name='codediagnostic_sans_chevauchement', violation_error_message='Une autre ligne de ce code est déjà en vigueur dans cette période.'), models.CheckConstraint(condition=models.Q(models.Q(('libelle', ''), _negated=True), models.Q(('libelle_en', ''), _negated=True), _connector='OR'), name='codediagnostic_a_un_libelle')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='codediagnostic',
            trigger=pgtrigger.compiler.Trigger(name='jamais_effacer', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='608f4e3d3b576f5b9e69c1aaf2cbd6f44c5b2734', operation='DELETE', pgid='pgtrigger_jamais_effacer_b96db', table='referentiels_codediagnostic', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='codediagnostic',
            trigger=pgtrigger.compiler.Trigger(name='jamais_modifier', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."code" IS DISTINCT FROM (NEW."code") OR OLD."source" IS DISTINCT FROM (NEW."source") OR OLD."certitude" IS DISTINCT FROM (NEW."certitude") OR OLD."en_vigueur_du" IS DISTINCT FROM (NEW."en_vigueur_du") OR OLD."libelle" IS DISTINCT FROM (NEW."libelle") OR OLD."libelle_en" IS DISTINCT FROM (NEW."libelle_en") OR OLD."liste" IS DISTINCT FROM (NEW."liste") OR OLD."cle" IS DISTINCT FROM (NEW."cle") OR OLD."texte" IS DISTINCT FROM (NEW."texte") OR OLD."vecteur" IS DISTINCT FROM (NEW."vecteur"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='389d90fcbcd49bd2720e51f39c46d1a9ef813a20', operation='UPDATE', pgid='pgtrigger_jamais_modifier_30f10', table='referentiels_codediagnostic', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='motdiagnostic',
            index=django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=['voisins'], name='motdiagnostic_voisins'),
        ),
    ]
