"""Réglages de la démonstration : locale, peuplée de personnes fictives, refusée ailleurs."""

import ipaddress

from django.core.exceptions import ImproperlyConfigured

from cse.demarrage.cles import cles_locales
from cse.demarrage.postgres import connexion_embarquee
from cse.reglages.base import *  # noqa: F403 — Django lit les noms du module : tous passent
from cse.reglages.base import (
    AGIT_EN_PROPRIETAIRE,
    ALLOWED_HOSTS,
    DONNEES,
    REDIS_URL,
    base_de_donnees,
    base_nommee,
)


def _est_local(hote: str) -> bool:
    nom = hote.strip("[]").lower()
    if nom == "localhost" or nom.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(nom).is_loopback
    except ValueError:
        return False


ALLOWED_HOSTS = ALLOWED_HOSTS or ["localhost", "127.0.0.1", "[::1]"]
if _ailleurs := [hote for hote in ALLOWED_HOSTS if not _est_local(hote)]:
    raise ImproperlyConfigured(
        "La démonstration ne se sert que localement : retirez de ALLOWED_HOSTS "
        + ", ".join(_ailleurs)
        + ", ou employez les réglages cse.reglages.production."
    )

DEMONSTRATION = True
SECOND_FACTEUR_IMPOSE = False
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True

_cles = cles_locales(DONNEES)
SECRET_KEY = _cles["SECRET_KEY"]
CLES_CHIFFREMENT = [_cles["CLE_CHIFFREMENT"]]
CLE_EMPREINTE = _cles["CLE_EMPREINTE"]

DATABASES = {
    "default": base_nommee()
    or base_de_donnees(connexion_embarquee("proprietaire" if AGIT_EN_PROPRIETAIRE else "application"))
}
# Sans Redis, le travailleur et l'horloge sont des fils du seul processus web.
TRAVAIL_INTEGRE = not REDIS_URL
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = str(DONNEES / "courriels")
