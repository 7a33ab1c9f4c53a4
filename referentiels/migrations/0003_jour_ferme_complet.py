from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("referentiels", "0002_semer"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="jourferie",
            name="jourferie_definition_complete",
        ),
        migrations.AddConstraint(
            model_name="jourferie",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("genre", "hebdomadaire"), ("jour_semaine__isnull", False), ("jour_semaine__range", (1, 7))
                    ),
                    models.Q(
                        ("genre__in", ("fixe", "lundi_avant")),
                        ("jour__isnull", False),
                        ("jour__range", (1, 31)),
                        ("mois__isnull", False),
                        ("mois__range", (1, 12)),
                    ),
                    models.Q(("decalage__isnull", False), ("genre", "paques")),
                    models.Q(
                        ("genre", "nieme_jour"),
                        ("jour_semaine__isnull", False),
                        ("jour_semaine__range", (1, 7)),
                        ("mois__isnull", False),
                        ("mois__range", (1, 12)),
                        ("n__isnull", False),
                        ("n__range", (1, 4)),
                    ),
                    ("genre", "fete_canada"),
                    models.Q(("date__isnull", False), ("genre", "ponctuel")),
                    _connector="OR",
                ),
                name="jourferie_definition_complete",
                violation_error_message="Il manque un renseignement pour situer ce jour fermé.",
            ),
        ),
    ]
