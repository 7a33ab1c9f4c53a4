"""`python -m bench` : lit `VOLUME` (nombre de dossiers) et `MESURE` (une seule), mesure, écrit et montre."""

from __future__ import annotations

import os
import sys
from contextlib import nullcontext

VOLUME_PAR_DEFAUT = 10_000
VOLUME_MINIMAL = 1_000

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cse.reglages.essai")


def principal() -> int:
    """Prépare les bases, prend les mesures demandées; rend 1 si une cible n'est pas tenue."""
    brut = os.environ.get("VOLUME") or str(VOLUME_PAR_DEFAUT)
    if not brut.isdigit() or int(brut) < VOLUME_MINIMAL:
        sys.exit(f"VOLUME doit être un nombre d'au moins {VOLUME_MINIMAL}, pas « {brut} ».")
    voulue = os.environ.get("MESURE", "")
    from cse.demarrage.postgres import serveur

    with nullcontext() if os.environ.get("DATABASE_URL") else serveur():
        import django

        django.setup()
        from bench import mesures, rapport

        if voulue and voulue not in mesures.MESURES:
            sys.exit(f"MESURE inconnue : « {voulue} ». Choix : {', '.join(mesures.MESURES)}.")
        noms = [voulue] if voulue else list(mesures.MESURES)
        resultats = mesures.prendre(noms, int(brut))
        rapport.ecrire(resultats)
        print(rapport.tableau(resultats))
        return int(not all(un.tenue for un in resultats))


if __name__ == "__main__":
    sys.exit(principal())
