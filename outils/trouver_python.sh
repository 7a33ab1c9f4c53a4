#!/bin/sh
# Rend le premier Python 3.11 ou plus récent qui sait créer un environnement.
for nom in python3 python3.13 python3.12 python3.11 python; do
    if "$nom" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
        echo "$nom"
        exit 0
    fi
done
echo "Erreur : il faut Python 3.11 ou plus récent." >&2
exit 1
