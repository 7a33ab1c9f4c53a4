from django.db import migrations, models

import socle.champs


class Migration(migrations.Migration):

    dependencies = [
        ('evaluation', '0002_raisons_de_l_avis'),
    ]

    operations = [
        migrations.AddField(
            model_name='avis',
            name='grille_du',
            field=models.DateField(blank=True, null=True, verbose_name='définition de la grille en vigueur le'),
        ),
        migrations.AddField(
            model_name='avis',
            name='grille_json',
            field=socle.champs.TexteChiffre(blank=True, default='{}', verbose_name='réponses de la grille, en JSON'),
        ),
        migrations.AddField(
            model_name='concertation',
            name='par_question_json',
            field=socle.champs.TexteChiffre(blank=True, default='{}', verbose_name='accord ou dissidence par question, en JSON'),
        ),
    ]
