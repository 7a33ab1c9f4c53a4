"""L'application Celery; ses tâches sont nommées « app.tache »."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cse.reglages.demonstration")

application = Celery("cse")
application.config_from_object("django.conf:settings", namespace="CELERY")
application.autodiscover_tasks()
# Vaut pour tous les fils du serveur, pas seulement celui qui importe ce module.
application.set_default()
