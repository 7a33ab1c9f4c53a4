# Ce qu'il faut sur la machine : Python 3.11 ou plus récent, make, un réseau.
# PORT et HOTE choisissent où sert la démonstration; DATABASE_URL et REDIS_URL, les serveurs.

PYTHON = $(shell sh outils/trouver_python.sh)
PY = .venv/bin/python
export PYTHONUNBUFFERED = 1

.DEFAULT_GOAL := aide
.PHONY: aide demo test test-complet preparer preparer-demo preparer-essais qualite corriger rejouer bench verrouiller

aide: ## Montrer cette aide
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/:[^#]*## /\t/' | awk -F'\t' '{printf "  make %-14s %s\n", $$1, $$2}'

demo: preparer-demo ## Préparer et servir la démonstration (PORT=8000 HOTE=127.0.0.1)
	@DJANGO_SETTINGS_MODULE=cse.reglages.demonstration $(PY) manage.py demo

test: preparer-essais ## Lancer les essais
	@$(PY) -m pytest -m "not lent"

test-complet: preparer-essais ## Lancer tous les essais, même les lents
	@SEQUENCES=$(or $(SEQUENCES),10000) REPETITIONS=$(or $(REPETITIONS),20) $(PY) -m pytest

preparer: preparer-essais ## Installer tout ce qu'il faut pour servir et essayer

preparer-demo:
	@$(PYTHON) outils/preparer.py demonstration

preparer-essais:
	@$(PYTHON) outils/preparer.py essais

qualite: preparer-essais ## Vérifier le style, les types, les couches, les gabarits, les verrous
	@$(PY) -m outils.qualite

corriger: preparer-essais ## Remettre le code en forme
	@$(PY) -m ruff check --fix . ; $(PY) -m ruff format .

rejouer: preparer-demo ## Rejouer des cas : make rejouer CAS=cas/
	@DJANGO_SETTINGS_MODULE=cse.reglages.demonstration $(PY) manage.py rejouer "$(or $(CAS),cas)"

bench: preparer-essais ## Mesurer (VOLUME=nombre de dossiers, MESURE=une seule)
	@$(PY) -m bench

verrouiller: preparer-essais ## Réécrire requirements*.txt depuis pyproject.toml
	@sh outils/verrouiller.sh
