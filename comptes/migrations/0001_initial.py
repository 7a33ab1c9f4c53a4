import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import socle.champs
import socle.horloge


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        migrations.CreateModel(
            name='Bureau',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=40, unique=True)),
                ('nom', models.CharField(max_length=120)),
                ('region', models.CharField(max_length=2)),
                ('telephone', models.CharField(blank=True, max_length=30)),
            ],
            options={
                'verbose_name_plural': 'bureaux',
                'ordering': ('nom',),
            },
        ),
        migrations.CreateModel(
            name='Clinique',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('nom', models.CharField(max_length=160)),
                ('ville', models.CharField(blank=True, max_length=80)),
                ('telephone', models.CharField(blank=True, max_length=30)),
            ],
            options={
                'ordering': ('nom',),
            },
        ),
        migrations.CreateModel(
            name='Organisme',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('nom', models.CharField(max_length=160, unique=True)),
                ('telephone', models.CharField(blank=True, max_length=30)),
                ('ville', models.CharField(blank=True, max_length=80)),
            ],
            options={
                'ordering': ('nom',),
            },
        ),
        migrations.CreateModel(
            name='Compte',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('email', models.EmailField(blank=True, max_length=254, null=True, unique=True, verbose_name='courriel')),
                ('prenom', models.CharField(blank=True, max_length=80, verbose_name='prénom')),
                ('nom', models.CharField(max_length=120, verbose_name='nom')),
                ('role', models.CharField(choices=[('prestataire', 'Prestataire'), ('agent', "Agent d'aide financière"), ('chef_equipe', "Chef d'équipe"), ('medecin_csems', 'Médecin évaluateur (CSEMS)'), ('specialiste_csems', 'Spécialiste en évaluation socioprofessionnelle (CSEMS)'), ('medecin_drra', 'Médecin réviseur (DRRA)'), ('specialiste_drra', 'Spécialiste réviseur (DRRA)'), ('clinicien', 'Professionnel de la santé'), ('intervenant', 'Personne-ressource'), ('administrateur', 'Administrateur'), ('systeme', 'Système')], max_length=20)),
                ('unite', models.CharField(blank=True, choices=[('bureau', 'Bureau de Services Québec'), ('csems', "Centre d'évaluation (CSEMS)"), ('drra', 'Direction de la révision (DRRA)')], max_length=10)),
                ('langue', models.CharField(default='fr', max_length=2)),
                ('motif_langue', models.CharField(blank=True, max_length=120, verbose_name="motif d'une autre langue que le français")),
                ('telephone', models.CharField(blank=True, max_length=30)),
                ('telephone_texto', models.CharField(blank=True, max_length=30)),
                ('canal_prefere', models.CharField(choices=[('poste', 'Par la poste'), ('portail', 'En ligne')], default='poste', max_length=10)),
                ('adresse', socle.champs.TexteChiffre(blank=True, default='')),
                ('absent_jusqu_au', models.DateField(blank=True, null=True)),
                ('is_active', models.BooleanField(default=True, verbose_name='actif')),
                ('is_staff', models.BooleanField(default=False, verbose_name='accède aux réglages')),
                ('cree_le', models.DateTimeField(default=socle.horloge.maintenant)),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
                ('bureau', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='comptes.bureau')),
                ('clinique', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='comptes.clinique')),
                ('organisme', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='comptes.organisme')),
            ],
            options={
                'ordering': ('nom', 'prenom', 'pk'),
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('role', 'chef_equipe'), _negated=True), models.Q(('unite', ''), _negated=True), _connector='OR'), name='chef_a_une_unite'), models.CheckConstraint(condition=models.Q(('langue', 'fr'), ('langue', 'en'), _connector='OR'), name='langue_connue')],
            },
        ),
        migrations.CreateModel(
            name='CodeAcces',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('condensat', models.CharField(max_length=128)),
                ('cree_le', models.DateTimeField()),
                ('expire_le', models.DateTimeField()),
                ('essais', models.PositiveSmallIntegerField(default=0)),
                ('utilise_le', models.DateTimeField(blank=True, null=True)),
                ('compte', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='codes', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': "code d'accès",
                'verbose_name_plural': "codes d'accès",
                'ordering': ('-cree_le',),
            },
        ),
        migrations.CreateModel(
            name='Delegation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('du', models.DateField()),
                ('au', models.DateField(blank=True, null=True)),
                ('clinicien', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='delegations_donnees', to=settings.AUTH_USER_MODEL)),
                ('delegue', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='delegations_recues', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'délégation',
                'ordering': ('clinicien', 'delegue'),
            },
        ),
        migrations.CreateModel(
            name='Permis',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('titre', models.CharField(max_length=60)),
                ('ordre', models.CharField(blank=True, max_length=120)),
                ('numero', models.CharField(blank=True, max_length=20)),
                ('province', models.CharField(default='QC', max_length=2)),
                ('verifie_le', models.DateField(blank=True, null=True)),
                ('du', models.DateField(blank=True, null=True)),
                ('expire_le', models.DateField(blank=True, null=True, verbose_name='dernier jour de validité')),
                ('compte', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='permis', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name_plural': 'permis',
                'ordering': ('compte', 'pk'),
            },
        ),
    ]
