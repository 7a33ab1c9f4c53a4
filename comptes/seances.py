"""Durées de séance par rôle, et leur fermeture. Source : `conception.md` §5."""

from __future__ import annotations

from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.db import SessionStore

from comptes.models import Compte, Role

OUVERTE_A = "seance_ouverte_a"
MINUTE, HEURE = 60, 3600
# Rôle → (inactivité, durée totale), en secondes.
PAR_ROLE: dict[str, tuple[int, int]] = {
    Role.PRESTATAIRE: (20 * MINUTE, 4 * HEURE),
    Role.ADMINISTRATEUR: (15 * MINUTE, 8 * HEURE),
}
PERSONNEL = (30 * MINUTE, 12 * HEURE)


def limites(compte: Compte) -> tuple[int, int]:
    """Inactivité et durée totale permises à ce compte (s)."""
    return PAR_ROLE.get(compte.role, PERSONNEL)


def fermer_toutes(compte: Compte) -> int:
    """Ferme toutes les séances connues du compte; rend leur nombre."""
    cles = list(UserSession.objects.filter(user=compte).values_list("session_key", flat=True))
    for cle in cles:
        SessionStore(cle).delete()
    UserSession.objects.filter(user=compte).delete()
    return len(cles)
