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

_travaux: list[TravailIntegre] = []


def post_worker_init(worker: Any) -> None:
    """Lancer le travailleur et l'horloge une fois Django chargé."""
    from django.conf import settings

    from cse.celery import application

    if settings.TRAVAIL_INTEGRE:
        _travaux.append(TravailIntegre(application))
        _travaux[-1].demarrer()


def worker_exit(server: Any, worker: Any) -> None:
    """Laisser finir la tâche en cours."""
    for travail in _travaux:
        travail.arreter()
