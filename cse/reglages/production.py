"""Réglages de production : refuse de démarrer si une protection manque."""

from django.core.exceptions import ImproperlyConfigured

from cse.reglages.base import *  # noqa: F403
from cse.reglages.base import ADRESSE_PUBLIQUE, ALLOWED_HOSTS, CLAMD_URL, REDIS_URL, base_nommee, env

SECRET_KEY: str = env.str("SECRET_KEY", default="")
# La première chiffre; toutes déchiffrent : c'est ainsi qu'on change de clé.
CLES_CHIFFREMENT: list[str] = env.list("CLES_CHIFFREMENT", default=[])
CLE_EMPREINTE: str = env.str("CLE_EMPREINTE", default="")
_base = base_nommee()

_manquants = [
    nom
    for nom, valeur in {
        "SECRET_KEY": SECRET_KEY,
        "CLES_CHIFFREMENT": CLES_CHIFFREMENT,
        "CLE_EMPREINTE": CLE_EMPREINTE,
        "DATABASE_URL": _base,
        "REDIS_URL": REDIS_URL,
        "CLAMD_URL": CLAMD_URL,
        "ALLOWED_HOSTS": ALLOWED_HOSTS,
    }.items()
    if not valeur
]
if _manquants:
    raise ImproperlyConfigured("La production refuse de démarrer sans : " + ", ".join(_manquants) + ".")

DATABASES = {"default": _base}
if env.str("CORRESPONDANCE_DEPOT", default=""):
    CORRESPONDANCE_FOURNISSEURS = {
        "poste": "correspondance.fournisseurs.DepotImpression",
        "courriel": "correspondance.fournisseurs.Courriel",
    }
TRAVAIL_INTEGRE = False
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
# La sonde interroge le conteneur sans passer par le proxy.
SECURE_REDIRECT_EXEMPT = [r"^sante/$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-csrf"
LANGUAGE_COOKIE_SECURE = True
# Le proxy remplace X-Forwarded-For : une adresse, celle du client.
ALLAUTH_TRUSTED_PROXY_COUNT = 1
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[ADRESSE_PUBLIQUE])
