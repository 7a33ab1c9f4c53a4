import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('comptes', '__first__'),
        ('dossiers', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Entree',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('instant', models.DateTimeField()),
                ('nature', models.CharField(choices=[('acte', 'Acte'), ('tentative', 'Tentative refusée'), ('consultation', 'Consultation')], max_length=12)),
                ('acte', models.CharField(max_length=40)),
                ('role', models.CharField(blank=True, max_length=20)),
                ('demande_id', models.BigIntegerField(null=True)),
                ('etat', models.CharField(blank=True, max_length=40)),
                ('code_refus', models.CharField(blank=True, max_length=40)),
                ('details', models.JSONField(blank=True, default=dict)),
                ('cle', models.UUIDField(null=True, unique=True, verbose_name='clé de soumission')),
                ('acteur', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('dossier', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='histoire', to='dossiers.dossier')),
            ],
            options={
                'verbose_name': 'entrée',
                'ordering': ('-instant', '-pk'),
                'indexes': [models.Index(fields=['dossier', '-instant', '-id'], name='journal_dossier_instant'), models.Index(fields=['acteur', '-instant'], name='journal_acteur_instant')],
            },
        ),
        migrations.CreateModel(
            name='Sceau',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('scelle_le', models.DateTimeField()),
                ('premiere', models.BigIntegerField()),
                ('derniere', models.BigIntegerField()),
                ('nombre', models.PositiveIntegerField()),
                ('empreinte', models.CharField(max_length=64)),
                ('precedente', models.CharField(blank=True, max_length=64)),
            ],
            options={
                'verbose_name_plural': 'sceaux',
                'ordering': ('pk',),
            },
        ),
        migrations.CreateModel(
            name='LigneScellee',
            fields=[
                ('entree', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='scellee', serialize=False, to='journal.entree')),
            ],
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='sceau',
            trigger=pgtrigger.compiler.Trigger(name='ajout_seul', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='6fef81ff210889e7f16150b4ce2099ccce4b52d2', operation='UPDATE OR DELETE', pgid='pgtrigger_ajout_seul_bbcd7', table='journal_sceau', when='BEFORE')),
        ),
        migrations.AddField(
            model_name='lignescellee',
            name='sceau',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lignes', to='journal.sceau'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='entree',
            trigger=pgtrigger.compiler.Trigger(name='ajout_seul', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='db5fb5b80dfbe1079f5c6af668379966fc5b8d20', operation='UPDATE OR DELETE', pgid='pgtrigger_ajout_seul_f0d24', table='journal_entree', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='lignescellee',
            trigger=pgtrigger.compiler.Trigger(name='ajout_seul', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='bb32aa96453cf63ad49594478f37183112c9261c', operation='UPDATE OR DELETE', pgid='pgtrigger_ajout_seul_607cc', table='journal_lignescellee', when='BEFORE')),
        ),
    ]
