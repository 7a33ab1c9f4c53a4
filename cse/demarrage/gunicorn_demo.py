"""Gunicorn de la démonstration : un processus, des fils, le travail Celery à l'intérieur."""

from __future__ import annotations

import os
from typing import Any

from cse.demarrage.travail import TravailIntegre

bind = f"{os.environ.get('HOTE', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
wsgi_app = "cse.wsgi:application"
workers = 1
worker_class = "gthread"
threads = 8
timeout = 60
graceful_timeout = 12
loglevel = "warning"
accesslog = None
control_socket_disable = True

_travail: TravailIntegre | None = None


def post_worker_init(worker: Any) -> None:
    """Lancer le travailleur et l'horloge une fois Django chargé."""
    global _travail
    from django.conf import settings

    from cse.celery import application

    if settings.TRAVAIL_INTEGRE:
        _travail = TravailIntegre(application)
        _travail.demarrer()


def worker_exit(server: Any, worker: Any) -> None:
    """Laisser finir la tâche en cours."""
    if _travail is not None:
        _travail.arreter()
