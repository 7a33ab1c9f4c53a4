import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import socle.champs


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('comptes', '__first__'),
        ('decisions', '0001_initial'),
        ('dossiers', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='RecoursTAQ',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('saisi_le', models.DateTimeField()),
                ('direct', models.BooleanField(default=False)),
                ('motifs', socle.champs.TexteChiffre(blank=True, default='')),
                ('issue', models.CharField(blank=True, default='', max_length=120)),
                ('consignee_le', models.DateTimeField(blank=True, null=True)),
                ('demande', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='recours_taq', to='dossiers.demande')),
                ('saisi_par', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'recours au TAQ',
                'verbose_name_plural': 'recours au TAQ',
                'ordering': ('demande', 'pk'),
            },
        ),
        migrations.CreateModel(
            name='Revision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('recue_le', models.DateField()),
                ('consignee_le', models.DateTimeField()),
                ('motifs', socle.champs.TexteChiffre(blank=True, default='')),
                ('impossibilite_agir', socle.champs.TexteChiffre(blank=True, default='')),
                ('renvoi_du_taq', models.BooleanField(default=False)),
                ('delai_demande_le', models.DateTimeField(blank=True, null=True)),
                ('delai_jusqu_au', models.DateField(blank=True, null=True)),
                ('recevable', models.BooleanField(blank=True, null=True)),
                ('justification', socle.champs.TexteChiffre(blank=True, default='')),
                ('recevabilite_le', models.DateTimeField(blank=True, null=True)),
                ('issue', models.CharField(blank=True, choices=[('confirmee', 'Confirmée'), ('modifiee', 'Modifiée'), ('infirmee', 'Infirmée')], default='', max_length=12)),
                ('ce_qui_differe', socle.champs.TexteChiffre(blank=True, default='')),
                ('cause', models.CharField(blank=True, choices=[('preuve_nouvelle', 'Preuve nouvelle'), ('erreur_appreciation', "Erreur d'appréciation"), ('renseignement_manquant', 'Renseignement manquant en première instance')], default='', max_length=24)),
                ('date_effet', models.DateField(blank=True, null=True)),
                ('rendue_le', models.DateTimeField(blank=True, null=True)),
                ('abandonnee_le', models.DateTimeField(blank=True, null=True)),
                ('remplacee_le', models.DateTimeField(blank=True, null=True, verbose_name='close par un renvoi du Tribunal le')),
                ('decision', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='revisions', to='decisions.decision')),
                ('demande', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='revisions', to='dossiers.demande')),
                ('demandee_par', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('recevabilite_par', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'révision',
                'ordering': ('demande', 'pk'),
                'constraints': [models.UniqueConstraint(condition=models.Q(('abandonnee_le__isnull', True), ('remplacee_le__isnull', True), ('rendue_le__isnull', True)), fields=('demande',), name='une_revision_ouverte'), models.CheckConstraint(condition=models.Q(('rendue_le__isnull', True), ('recevable', False), models.Q(('issue', ''), _negated=True), _connector='OR'), name='rendue_a_une_issue'), models.CheckConstraint(condition=models.Q(('rendue_le__isnull', True), models.Q(('issue__in', ('modifiee', 'infirmee')), _negated=True), models.Q(('date_effet__isnull', False), models.Q(('cause', ''), _negated=True)), _connector='OR'), name='changement_explique')],
            },
        ),
        migrations.CreateModel(
            name='Observation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('texte', socle.champs.TexteChiffre()),
                ('le', models.DateTimeField()),
                ('par', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('revision', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='observations', to='revision.revision')),
            ],
            options={
                'ordering': ('revision', 'pk'),
            },
        ),
        migrations.CreateModel(
            name='Entrevue',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('mode', models.CharField(max_length=60)),
                ('note', socle.champs.TexteChiffre()),
                ('le', models.DateTimeField()),
                ('par', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('revision', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entrevues', to='revision.revision')),
            ],
            options={
                'ordering': ('revision', 'pk'),
            },
        ),
        migrations.CreateModel(
            name='BrouillonRevision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('contenu_json', socle.champs.TexteChiffre(default='{}')),
                ('version', models.PositiveIntegerField(default=0)),
                ('modifie_le', models.DateTimeField()),
                ('auteur', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('revision', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='brouillons', to='revision.revision')),
            ],
            options={
                'verbose_name': 'brouillon de révision',
                'verbose_name_plural': 'brouillons de révision',
                'ordering': ('-modifie_le',),
                'constraints': [models.UniqueConstraint(fields=('revision', 'auteur'), name='un_brouillon_de_revision')],
            },
        ),
        migrations.CreateModel(
            name='SignatureRevision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('metier', models.CharField(max_length=12)),
                ('le', models.DateTimeField()),
                ('annulee_le', models.DateTimeField(blank=True, null=True)),
                ('revision', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='signatures', to='revision.revision')),
                ('signataire', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'signature en révision',
                'verbose_name_plural': 'signatures en révision',
                'ordering': ('revision', 'pk'),
                'constraints': [models.UniqueConstraint(condition=models.Q(('annulee_le__isnull', True)), fields=('revision', 'metier'), name='une_signature_de_revision_par_metier')],
            },
        ),
    ]
