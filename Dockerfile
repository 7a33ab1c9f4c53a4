# syntax=docker/dockerfile:1
# Étape 1 : l'environnement Python, paquets vérifiés par leurs empreintes.
FROM python:3.11-slim-bookworm AS paquets
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
COPY requirements.txt /tmp/requirements.txt
RUN python -m venv /venv && /venv/bin/pip install --require-hashes -r /tmp/requirements.txt

# Étape 2 : l'image qui sert. Ni outil d'essai, ni compilateur, ni root.
FROM python:3.11-slim-bookworm
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --create-home --home-dir /home/cse cse \
    && install -d -o cse -g cse /donnees /donnees/pieces
COPY --from=paquets /venv /venv
WORKDIR /app
COPY . /app
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DONNEES=/donnees \
    STATIC_ROOT=/app/statiques \
    DJANGO_SETTINGS_MODULE=cse.reglages.production
# Les valeurs de cette ligne ne servent qu'à réunir les fichiers statiques; aucune ne reste dans l'image.
RUN SECRET_KEY=x CLES_CHIFFREMENT=x CLE_EMPREINTE=x DATABASE_URL=postgres://x/x REDIS_URL=redis://x \
    CLAMD_URL=tcp://x ALLOWED_HOSTS=x python manage.py collectstatic --no-input --verbosity 0
USER cse
EXPOSE 8000
CMD ["gunicorn", "-c", "deploiement/gunicorn.py"]
