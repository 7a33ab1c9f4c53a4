import django.contrib.postgres.fields
import django.db.models.deletion
import django_fsm
from django.conf import settings
from django.db import migrations, models

import dossiers.models.dossier
import socle.champs
import socle.horloge


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('comptes', '0001_initial'),
        ('comptes', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='Demande',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rang', models.PositiveSmallIntegerField()),
                ('type', models.CharField(choices=[('initiale', 'Initiale'), ('nouvelle', 'Nouvelle demande'), ('reexamen_contraintes', 'Réexamen des contraintes')], max_length=24)),
                ('canal', models.CharField(choices=[('en_ligne', 'En ligne'), ('papier', 'Papier'), ('telephone', 'Téléphone'), ('comptoir', 'Au comptoir')], max_length=12)),
                ('deposee_le', models.DateTimeField()),
                ('ouverte_le', models.DateTimeField(blank=True, null=True, verbose_name='ouverte au traitement le')),
                ('etat', django_fsm.FSMField(choices=[('recue', 'Reçue'), ('a_completer', 'À compléter'), ('complete', 'Complète'), ('transmise_csems', 'Transmise au CSEMS'), ('en_evaluation', 'En évaluation'), ('en_concertation', 'En concertation'), ('en_attente_signature', 'En attente de signature'), ('contraintes_reconnues', 'Contraintes reconnues'), ('contraintes_non_reconnues', 'Contraintes non reconnues'), ('contrainte_temporaire_accordee', 'Contrainte temporaire accordée'), ('en_revision', 'En révision'), ('decision_revision_rendue', 'Décision rendue en révision'), ('devant_taq', 'Devant le Tribunal'), ('jugement_taq_rendu', 'Jugement rendu'), ('fermee', 'Fermée')], default='recue', max_length=40, protected=True)),
                ('etat_depuis', models.DateTimeField(default=socle.horloge.maintenant)),
                ('etat_retenu', models.CharField(blank=True, choices=[('recue', 'Reçue'), ('a_completer', 'À compléter'), ('complete', 'Complète'), ('transmise_csems', 'Transmise au CSEMS'), ('en_evaluation', 'En évaluation'), ('en_concertation', 'En concertation'), ('en_attente_signature', 'En attente de signature'), ('contraintes_reconnues', 'Contraintes reconnues'), ('contraintes_non_reconnues', 'Contraintes non reconnues'), ('contrainte_temporaire_accordee', 'Contrainte temporaire accordée'), ('en_revision', 'En révision'), ('decision_revision_rendue', 'Décision rendue en révision'), ('devant_taq', 'Devant le Tribunal'), ('jugement_taq_rendu', 'Jugement rendu'), ('fermee', 'Fermée')], default='', max_length=40)),
                ('etat_avant_revision', models.CharField(blank=True, choices=[('recue', 'Reçue'), ('a_completer', 'À compléter'), ('complete', 'Complète'), ('transmise_csems', 'Transmise au CSEMS'), ('en_evaluation', 'En évaluation'), ('en_concertation', 'En concertation'), ('en_attente_signature', 'En attente de signature'), ('contraintes_reconnues', 'Contraintes reconnues'), ('contraintes_non_reconnues', 'Contraintes non reconnues'), ('contrainte_temporaire_accordee', 'Contrainte temporaire accordée'), ('en_revision', 'En révision'), ('decision_revision_rendue', 'Décision rendue en révision'), ('devant_taq', 'Devant le Tribunal'), ('jugement_taq_rendu', 'Jugement rendu'), ('fermee', 'Fermée')], default='', max_length=40)),
                ('voie', models.CharField(blank=True, choices=[('evidente', 'Évidente'), ('evaluee', 'Évaluée'), ('temporaire', 'Temporaire'), ('reconduite', 'Reconduite')], default='', max_length=12)),
                ('transmise_le', models.DateTimeField(blank=True, null=True)),
                ('tour', models.PositiveSmallIntegerField(default=1, help_text='Une réouverture ouvre un tour : les signatures passées tombent.', verbose_name='tour de signature')),
                ('decision_emise_le', models.DateField(blank=True, null=True, verbose_name='lettre de décision émise le')),
                ('revision_emise_le', models.DateField(blank=True, null=True, verbose_name='lettre de révision émise le')),
                ('fermee_le', models.DateTimeField(blank=True, null=True)),
                ('motif_fermeture', models.CharField(blank=True, default='', max_length=120)),
                ('deposee_par', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('dossier', 'rang'),
            },
            bases=(django_fsm.ConcurrentTransitionMixin, django_fsm.FSMModelMixin, models.Model),
        ),
        migrations.CreateModel(
            name='AppelConfirmation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('le', models.DateTimeField()),
                ('note', models.TextField()),
                ('par', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('demande', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='appels_confirmation', to='dossiers.demande')),
            ],
            options={
                'ordering': ('demande', 'pk'),
            },
        ),
        migrations.CreateModel(
            name='Dossier',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(default=dossiers.models.dossier.nouvelle_reference, max_length=9, unique=True)),
                ('region', models.CharField(blank=True, max_length=2)),
                ('naissance', models.DateField(blank=True, null=True)),
                ('nam', socle.champs.TexteChiffre(blank=True, default='', verbose_name="numéro d'assurance maladie")),
                ('nam_empreinte', models.CharField(blank=True, default='', max_length=64)),
                ('nas', socle.champs.TexteChiffre(blank=True, default='', verbose_name="numéro d'assurance sociale")),
                ('nas_empreinte', models.CharField(blank=True, default='', max_length=64)),
                ('cle_tri', models.CharField(blank=True, default='', max_length=200, verbose_name='nom sans accent, pour trier et chercher')),
                ('ouvert_le', models.DateTimeField(default=socle.horloge.maintenant)),
                ('etat', models.CharField(blank=True, choices=[('recue', 'Reçue'), ('a_completer', 'À compléter'), ('complete', 'Complète'), ('transmise_csems', 'Transmise au CSEMS'), ('en_evaluation', 'En évaluation'), ('en_concertation', 'En concertation'), ('en_attente_signature', 'En attente de signature'), ('contraintes_reconnues', 'Contraintes reconnues'), ('contraintes_non_reconnues', 'Contraintes non reconnues'), ('contrainte_temporaire_accordee', 'Contrainte temporaire accordée'), ('en_revision', 'En révision'), ('decision_revision_rendue', 'Décision rendue en révision'), ('devant_taq', 'Devant le Tribunal'), ('jugement_taq_rendu', 'Jugement rendu'), ('fermee', 'Fermée')], default='', max_length=40)),
                ('etat_depuis', models.DateTimeField(blank=True, null=True)),
                ('depose_le', models.DateField(blank=True, null=True, verbose_name='demande courante déposée le')),
                ('balle', models.CharField(choices=[('agent', "L'agent"), ('personne', 'La personne'), ('clinicien', 'Le professionnel de la santé'), ('ressource', 'La personne-ressource'), ('csems', "Le centre d'évaluation"), ('signataires', 'Les signataires'), ('drra', "L'équipe de révision"), ('taq', 'Le Tribunal'), ('aucun', 'Personne')], default='aucun', max_length=12)),
                ('prochaine_etape', models.CharField(blank=True, default='', max_length=160)),
                ('avant_le', models.DateField(blank=True, null=True)),
                ('a_expliquer', models.BooleanField(default=False, verbose_name='décision à expliquer')),
                ('version', models.PositiveIntegerField(default=0)),
                ('agent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='dossiers_suivis', to=settings.AUTH_USER_MODEL)),
                ('bureau', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='dossiers', to='comptes.bureau')),
                ('fusionne_dans', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='doublons', to='dossiers.dossier')),
                ('prestataire', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='dossier', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('pk',),
                'permissions': (('traiter_dossier', "Traite ce dossier en vertu d'une attribution nominative"),),
                'indexes': [models.Index(condition=models.Q(('fusionne_dans', None)), fields=['bureau', 'avant_le', 'depose_le', 'id'], name='file_bureau'), models.Index(fields=['bureau', 'balle', 'avant_le', 'depose_le', 'id'], name='file_bureau_balle'), models.Index(fields=['bureau', 'etat', 'avant_le', 'depose_le', 'id'], name='file_bureau_etat'), models.Index(fields=['etat', 'avant_le', 'depose_le', 'id'], name='file_etat'), models.Index(fields=['agent', 'balle', 'avant_le', 'depose_le', 'id'], name='file_agent'), models.Index(condition=models.Q(('a_expliquer', True)), fields=['bureau', 'avant_le', 'id'], name='file_a_expliquer'), models.Index(condition=models.Q(('nam_empreinte', ''), _negated=True), fields=['nam_empreinte'], name='dossier_nam'), models.Index(condition=models.Q(('nas_empreinte', ''), _negated=True), fields=['nas_empreinte'], name='dossier_nas'), models.Index(fields=['cle_tri', 'id'], name='dossier_cle_tri')],
                'constraints': [models.CheckConstraint(condition=models.Q(('fusionne_dans', models.F('id')), _negated=True), name='pas_fusionne_en_soi')],
            },
        ),
        migrations.AddField(
            model_name='demande',
            name='dossier',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='demandes', to='dossiers.dossier'),
        ),
        migrations.CreateModel(
            name='Consentement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('objet', models.CharField(max_length=40)),
                ('donne_le', models.DateTimeField()),
                ('preuve', models.CharField(blank=True, default='', max_length=200)),
                ('retire_le', models.DateTimeField(blank=True, null=True)),
                ('recueilli_par', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('retire_par', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('dossier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='consentements', to='dossiers.dossier')),
            ],
            options={
                'ordering': ('dossier', 'pk'),
                'constraints': [models.UniqueConstraint(condition=models.Q(('retire_le__isnull', True)), fields=('dossier', 'objet'), name='un_consentement_vivant')],
            },
        ),
        migrations.CreateModel(
            name='Attribution',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('qualite', models.CharField(choices=[('agent', 'Agent responsable'), ('evaluateur', 'Évaluateur du CSEMS'), ('tiers', 'Tiers avis'), ('reviseur', 'Réviseur'), ('signataire', "Signataire d'un rapport médical")], max_length=12)),
                ('du', models.DateTimeField()),
                ('au', models.DateTimeField(blank=True, null=True)),
                ('motif', models.CharField(blank=True, default='', max_length=200)),
                ('qui', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attributions', to=settings.AUTH_USER_MODEL)),
                ('demande', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='attributions', to='dossiers.demande')),
                ('dossier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attributions', to='dossiers.dossier')),
            ],
            options={
                'ordering': ('dossier', 'pk'),
                'indexes': [models.Index(fields=['qui', 'qualite', 'au'], name='attribution_qui')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('au__isnull', True)), fields=('demande', 'qui', 'qualite'), name='une_attribution_vivante')],
            },
        ),
        migrations.CreateModel(
            name='Alerte',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(choices=[('urgence_financiere', 'Urgence financière'), ('detresse', 'Détresse signalée'), ('interprete', 'Interprète'), ('sans_clinicien', 'Sans clinicien'), ('revision_jour_20', 'Révision : jour 20'), ('revision_jour_75', 'Révision : jour 75')], max_length=24)),
                ('precision', models.CharField(blank=True, default='', max_length=120)),
                ('levee_le', models.DateTimeField(verbose_name='signalée le')),
                ('close_le', models.DateTimeField(blank=True, null=True)),
                ('dossier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='alertes', to='dossiers.dossier')),
            ],
            options={
                'ordering': ('dossier', 'pk'),
                'constraints': [models.UniqueConstraint(condition=models.Q(('close_le__isnull', True)), fields=('dossier', 'code'), name='une_alerte_vivante')],
            },
        ),
        migrations.CreateModel(
            name='DossierUserObjectPermission',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('content_object', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='dossiers.dossier')),
                ('permission', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='auth.permission')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Echange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('texte', socle.champs.TexteChiffre()),
                ('le', models.DateTimeField()),
                ('a', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('auteur', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('demande', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='echanges', to='dossiers.demande')),
                ('dossier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='echanges', to='dossiers.dossier')),
            ],
            options={
                'verbose_name': 'échange',
                'ordering': ('dossier', 'pk'),
            },
        ),
        migrations.CreateModel(
            name='Echeance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(choices=[('demander_revision', 'Demander la révision'), ('rendre_revision', 'Rendre la décision en révision'), ('recours_direct_taq', "S'adresser directement au Tribunal"), ('saisir_taq', "S'adresser au Tribunal"), ('fin_mandat', 'Fin du mandat'), ('reexamen_contraintes', 'Réexamen des contraintes')], max_length=24)),
                ('date', models.DateField()),
                ('calcul', models.CharField(max_length=240)),
                ('demande', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='echeances', to='dossiers.demande')),
                ('dossier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='echeances', to='dossiers.dossier')),
            ],
            options={
                'verbose_name': 'échéance',
                'ordering': ('dossier', 'date', 'pk'),
                'indexes': [models.Index(fields=['code', 'date'], name='echeance_code')],
                'constraints': [models.UniqueConstraint(fields=('demande', 'code'), name='une_echeance_par_demande'), models.UniqueConstraint(condition=models.Q(('demande__isnull', True)), fields=('dossier', 'code'), name='une_echeance_par_dossier')],
            },
        ),
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('invite_le', models.DateTimeField()),
                ('declinee_le', models.DateTimeField(blank=True, null=True)),
                ('motif_declin', models.CharField(blank=True, default='', max_length=300)),
                ('clinicien', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='invitations', to=settings.AUTH_USER_MODEL)),
                ('demande', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='invitations', to='dossiers.demande')),
                ('invite_par', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('demande', 'pk'),
                'indexes': [models.Index(fields=['clinicien', 'declinee_le'], name='invitation_clinicien')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('declinee_le__isnull', True)), fields=('demande', 'clinicien'), name='une_invitation_vivante')],
            },
        ),
        migrations.CreateModel(
            name='Mandat',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('portees', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=30), size=None)),
                ('portees_ajoutees', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=30), blank=True, default=list, size=None)),
                ('jusqu_au', models.DateField()),
                ('propose_le', models.DateTimeField()),
                ('confirme_le', models.DateTimeField(blank=True, null=True)),
                ('preuve', models.CharField(blank=True, default='', max_length=200)),
                ('revoque_le', models.DateTimeField(blank=True, null=True)),
                ('confirme_par', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('dossier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='mandats', to='dossiers.dossier')),
                ('intervenant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='mandats', to=settings.AUTH_USER_MODEL)),
                ('revoque_par', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('dossier', 'pk'),
                'indexes': [models.Index(fields=['intervenant', 'jusqu_au'], name='mandat_intervenant')],
                'constraints': [models.CheckConstraint(condition=models.Q(('portees', []), _negated=True), name='mandat_a_une_portee')],
            },
        ),
        migrations.CreateModel(
            name='Occasion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('offerte_le', models.DateTimeField()),
                ('elements', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), size=None)),
                ('jusqu_au', models.DateField()),
                ('appel_note', models.TextField()),
                ('repondue_le', models.DateTimeField(blank=True, null=True)),
                ('reponse', socle.champs.TexteChiffre(blank=True, default='')),
                ('demande', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='occasions', to='dossiers.demande')),
                ('offerte_par', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('repondue_par', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('demande', 'pk'),
                'constraints': [models.CheckConstraint(condition=models.Q(('elements', []), _negated=True), name='occasion_a_un_element')],
            },
        ),
        migrations.CreateModel(
            name='Participation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('qualite', models.CharField(choices=[('affectation', 'Affectation'), ('avis', 'Avis'), ('signature', 'Signature'), ('commentaire', 'Commentaire')], max_length=12)),
                ('le', models.DateTimeField()),
                ('demande', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='participations', to='dossiers.demande')),
                ('personne', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ('demande', 'pk'),
                'indexes': [models.Index(fields=['demande', 'personne'], name='participation_personne')],
            },
        ),
        migrations.CreateModel(
            name='Piece',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('nature', models.CharField(max_length=60)),
                ('titre', models.CharField(max_length=160)),
                ('versee_le', models.DateTimeField()),
                ('texte', socle.champs.TexteChiffre(blank=True, default='')),
                ('fichier', models.FileField(blank=True, upload_to='pieces/%Y/%m/')),
                ('sha256', models.CharField(blank=True, default='', max_length=64)),
                ('verification', models.CharField(choices=[('sans_fichier', 'Consignée sans fichier'), ('en_verification', 'En vérification'), ('recue', 'Reçue'), ('refusee', 'Refusée')], default='sans_fichier', max_length=16)),
                ('raison_refus', models.CharField(blank=True, default='', max_length=160)),
                ('demande', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='pieces', to='dossiers.demande')),
                ('dossier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='pieces', to='dossiers.dossier')),
                ('versee_par', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'pièce',
                'ordering': ('dossier', 'pk'),
                'indexes': [models.Index(fields=['dossier', '-versee_le'], name='piece_dossier')],
            },
        ),
        migrations.CreateModel(
            name='Tache',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(choices=[('rapport_apres_decision', 'Proposer une nouvelle demande ou une révision'), ('invitation_declinee', 'Trouver un autre clinicien'), ('decision_a_expliquer', 'Offrir un appel pour expliquer la décision'), ('reponse_tardive', 'Lire une réponse reçue après la clôture'), ('piece_refusee', 'Demander une autre copie de la pièce')], max_length=32)),
                ('pour', models.CharField(choices=[('agent', "L'agent"), ('personne', 'La personne'), ('clinicien', 'Le professionnel de la santé'), ('ressource', 'La personne-ressource'), ('csems', "Le centre d'évaluation"), ('signataires', 'Les signataires'), ('drra', "L'équipe de révision"), ('taq', 'Le Tribunal'), ('aucun', 'Personne')], default='agent', max_length=12)),
                ('nee_le', models.DateTimeField()),
                ('avant_le', models.DateField(blank=True, null=True)),
                ('close_le', models.DateTimeField(blank=True, null=True)),
                ('note', models.CharField(blank=True, default='', max_length=300)),
                ('close_par', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('demande', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='taches', to='dossiers.demande')),
                ('dossier', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='taches', to='dossiers.dossier')),
            ],
            options={
                'verbose_name': 'tâche',
                'ordering': ('dossier', 'pk'),
                'indexes': [models.Index(fields=['dossier', 'close_le'], name='tache_dossier')],
            },
        ),
        migrations.CreateModel(
            name='DemandeRenseignement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('elements', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), size=None)),
                ('demandee_le', models.DateTimeField()),
                ('apres_transmission', models.BooleanField(default=False)),
                ('close_le', models.DateTimeField(blank=True, null=True)),
                ('cloture', models.CharField(blank=True, choices=[('repondue', 'Répondue'), ('close', 'Close après un appel'), ('consentement_retire', 'Close : consentement retiré')], default='', max_length=20)),
                ('appel_note', models.TextField(blank=True, default='')),
                ('repondue_le', models.DateTimeField(blank=True, null=True)),
                ('reponses', socle.champs.TexteChiffre(blank=True, default='', verbose_name='réponses, en JSON')),
                ('close_par', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('demande', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='renseignements', to='dossiers.demande')),
                ('demandeur', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('destinataire', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='renseignements_demandes', to=settings.AUTH_USER_MODEL)),
                ('repondue_par', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'demande de renseignement',
                'ordering': ('demande', 'pk'),
                'indexes': [models.Index(fields=['destinataire', 'close_le'], name='renseignement_dest')],
                'constraints': [models.CheckConstraint(condition=models.Q(('elements', []), _negated=True), name='renseignement_a_un_element'), models.CheckConstraint(condition=models.Q(models.Q(('close_le__isnull', True), ('cloture', '')), models.Q(('close_le__isnull', False), models.Q(('cloture', ''), _negated=True)), _connector='OR'), name='cloture_datee')],
            },
        ),
        migrations.AddIndex(
            model_name='demande',
            index=models.Index(fields=['dossier', '-rang'], name='demande_courante'),
        ),
        migrations.AddConstraint(
            model_name='demande',
            constraint=models.UniqueConstraint(fields=('dossier', 'rang'), name='rang_unique'),
        ),
        migrations.AddConstraint(
            model_name='demande',
            constraint=models.UniqueConstraint(condition=models.Q(('ouverte_le__isnull', True)), fields=('dossier',), name='une_demande_en_attente'),
        ),
        migrations.AddConstraint(
            model_name='demande',
            constraint=models.UniqueConstraint(condition=models.Q(('etat__in', ('recue', 'complete', 'transmise_csems', 'en_evaluation', 'en_concertation', 'a_completer', 'en_attente_signature')), ('ouverte_le__isnull', False)), fields=('dossier',), name='une_demande_sans_decision'),
        ),
        migrations.AddConstraint(
            model_name='demande',
            constraint=models.CheckConstraint(condition=models.Q(('etat__in', ['recue', 'a_completer', 'complete', 'transmise_csems', 'en_evaluation', 'en_concertation', 'en_attente_signature', 'contraintes_reconnues', 'contraintes_non_reconnues', 'contrainte_temporaire_accordee', 'en_revision', 'decision_revision_rendue', 'devant_taq', 'jugement_taq_rendu', 'fermee'])), name='demande_etat_connu'),
        ),
        migrations.AddConstraint(
            model_name='demande',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('etat', 'a_completer'), ('etat_retenu__in', ('recue', 'complete', 'transmise_csems', 'en_evaluation', 'en_concertation'))), models.Q(models.Q(('etat', 'a_completer'), _negated=True), ('etat_retenu', '')), _connector='OR'), name='a_completer_retient_un_etat'),
        ),
        migrations.AddConstraint(
            model_name='demande',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('etat', 'fermee'), ('fermee_le__isnull', False)), models.Q(models.Q(('etat', 'fermee'), _negated=True), ('fermee_le__isnull', True)), _connector='OR'), name='fermee_est_datee'),
        ),
        migrations.AddConstraint(
            model_name='demande',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('etat__in', ('transmise_csems', 'en_evaluation', 'en_concertation')), _negated=True), models.Q(('transmise_le__isnull', False), ('voie', 'evaluee')), _connector='OR'), name='csems_apres_transmission'),
        ),
        migrations.AddConstraint(
            model_name='demande',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('etat__in', ('contraintes_reconnues', 'contraintes_non_reconnues', 'contrainte_temporaire_accordee')), _negated=True), models.Q(('voie', ''), _negated=True), _connector='OR'), name='decidee_a_une_voie'),
        ),
        migrations.AddConstraint(
            model_name='demande',
            constraint=models.CheckConstraint(condition=models.Q(('ouverte_le__isnull', False), ('etat', 'recue'), _connector='OR'), name='en_attente_reste_recue'),
        ),
        migrations.AddConstraint(
            model_name='demande',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('etat', 'en_revision'), _negated=True), ('etat_avant_revision__in', ('contraintes_reconnues', 'contraintes_non_reconnues', 'contrainte_temporaire_accordee')), _connector='OR'), name='revision_retient_un_etat'),
        ),
        migrations.AlterUniqueTogether(
            name='dossieruserobjectpermission',
            unique_together={('user', 'permission', 'content_object')},
        ),
    ]
