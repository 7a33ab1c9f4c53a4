"""Gunicorn en production : processus et fils selon la machine, recyclés."""

import multiprocessing
import os

bind = "0.0.0.0:8000"
wsgi_app = "cse.wsgi:application"
worker_class = "gthread"
workers = int(os.environ.get("PROCESSUS_WEB", multiprocessing.cpu_count()))
threads = int(os.environ.get("FILS_WEB", "4"))
max_requests = 5000
max_requests_jitter = 500
timeout = 60
graceful_timeout = 20
worker_tmp_dir = "/dev/shm"  # noqa: S108
forwarded_allow_ips = os.environ.get("ADRESSES_DU_PROXY", "*")
loglevel = "warning"
accesslog = None
