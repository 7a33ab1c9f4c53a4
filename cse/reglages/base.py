"""Réglages communs. Stricts par défaut; les autres modules n'en relâchent que le nommé.

Les variables d'environnement sont lues par django-environ; `NOM_FILE` peut désigner
un fichier de secret à la place de `NOM`.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import django_stubs_ext
import environ
from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from cse.demarrage import chemins

# Les types génériques de Django (`QuerySet[Dossier]`) doivent aussi s'évaluer à l'exécution.
django_stubs_ext.monkeypatch()

RACINE = Path(__file__).resolve().parent.parent.parent
BASE_DIR = RACINE
env = environ.FileAwareEnv()

# --- Lieux ---------------------------------------------------------------------------
DONNEES = Path(env.str("DONNEES", default=str(chemins.donnees())))
LOCALE_PATHS = [RACINE / "locale"]
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(RACINE / "statiques")))
STATIC_URL = "/static/"
STATICFILES_DIRS = [RACINE / "static"]
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", default=str(DONNEES / "pieces")))
MEDIA_URL = ""
ADRESSE_PUBLIQUE: str = env.str("ADRESSE_PUBLIQUE", default="http://localhost:8000")

# --- Ce que le site est --------------------------------------------------------------
DEBUG: bool = env.bool("DEBUG", default=False)
DEMONSTRATION = False
SECOND_FACTEUR_IMPOSE = True
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", default=[])
# Autre nom du même serveur, d'où viennent les fichiers seuls; vide : ils viennent du site.
HOTE_FICHIERS: str = env.str("HOTE_FICHIERS", default="")
if HOTE_FICHIERS and ALLOWED_HOSTS:
    if HOTE_FICHIERS.partition(":")[0] in ALLOWED_HOSTS:
        raise ImproperlyConfigured("HOTE_FICHIERS doit être un autre nom que ceux du site.")
    ALLOWED_HOSTS = [*ALLOWED_HOSTS, HOTE_FICHIERS.partition(":")[0]]
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", default=[])
ROOT_URLCONF = "cse.urls"
WSGI_APPLICATION = "cse.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "cse",
    "espaces",
    "revision",
    "evaluation",
    "decisions",
    "formulaires",
    "dossiers",
    "correspondance",
    "comptes",
    "referentiels",
    "journal",
    "socle",
    "comptes.apps_admin.AdministrationConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "axes",
    "csp",
    "django_fsm",
    "guardian",
    "pgtrigger",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "cse.intergiciels.LimiteDeTaille",
    "cse.intergiciels.HoteDesFichiers",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "comptes.intergiciels.EffacerEnPartant",
    "comptes.intergiciels.DureeDeSeance",
    "comptes.intergiciels.SecondFacteur",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "cse.intergiciels.SansCache",
    "axes.middleware.AxesMiddleware",
    "cse.intergiciels.AdresseLisible",
]

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [RACINE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "cse.contexte.maison",
                "socle.contexte.interface",
            ],
        },
    }
]

FORM_RENDERER = "socle.rendu.RenduFormulaire"

# --- Langue et temps -----------------------------------------------------------------
LANGUAGE_CODE = "fr-ca"
# L'interface est en français; la langue des lettres est celle que la personne a fait consigner.
LANGUAGES = [("fr-ca", "Français")]
TIME_ZONE = "America/Toronto"
USE_I18N = True
USE_TZ = True

# --- Base de données -----------------------------------------------------------------
# Deux rôles : celui qui migre possède; celui de l'application n'est propriétaire de rien.
COMMANDES_DE_MIGRATION = {"migrate", "accorder_droits", "preparer_base"}
AGIT_EN_PROPRIETAIRE = len(sys.argv) > 1 and sys.argv[1] in COMMANDES_DE_MIGRATION
# Rôle qui reçoit les droits d'application; vide : l'utilisateur de DATABASE_URL.
ROLE_APPLICATION: str = env.str("ROLE_APPLICATION", default="")


def base_de_donnees(connexion: dict[str, Any]) -> dict[str, Any]:
    """Compléter une connexion PostgreSQL des garde-fous communs.

    `connexion` : les clés de `DATABASES` (ENGINE, NAME, USER…). Une migration n'a pas
    de limite de durée; toute autre instruction est coupée à 15 s, un verrou à 5 s.
    """
    limites = (
        "-c lock_timeout=60000"
        if AGIT_EN_PROPRIETAIRE
        else ("-c statement_timeout=15000 -c lock_timeout=5000 -c idle_in_transaction_session_timeout=60000")
    )
    options = {"options": limites, "connect_timeout": 5, "application_name": "cse"}
    return {
        **connexion,
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {**connexion.get("OPTIONS", {}), **options},
    }


def base_nommee() -> dict[str, Any] | None:
    """Lire la connexion de l'environnement, ou `None` si `DATABASE_URL` manque."""
    if not env.str("DATABASE_URL", default=""):
        return None
    if AGIT_EN_PROPRIETAIRE and env.str("DATABASE_URL_MIGRATION", default=""):
        return base_de_donnees(env.db_url("DATABASE_URL_MIGRATION"))
    return base_de_donnees(env.db_url("DATABASE_URL"))


# --- Comptes et second facteur -------------------------------------------------------
AUTH_USER_MODEL = "comptes.Compte"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
    "guardian.backends.ObjectPermissionBackend",
    "comptes.site_admin.DroitsAdministrateur",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
_VALIDATION = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{_VALIDATION}.UserAttributeSimilarityValidator"},
    {"NAME": f"{_VALIDATION}.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": f"{_VALIDATION}.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "cse.adaptateur.Adaptateur"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ALLAUTH_TRUSTED_PROXY_COUNT = 0
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
USERSESSIONS_TRACK_ACTIVITY = False
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "CSE"
MFA_PASSKEY_LOGIN_ENABLED = True
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # heure
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_CALLABLE = "cse.adaptateur.identifiant_tente"
AXES_CLIENT_IP_CALLABLE = "cse.adaptateur.adresse_du_client"
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "comptes.tentatives.reponse_verrouillee"
AXES_DISABLE_ACCESS_LOG = True
ANONYMOUS_USER_NAME = None
GUARDIAN_MONKEY_PATCH_USER = False

# --- Sessions, témoins, en-têtes -----------------------------------------------------
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 8 * 3600  # s : une journée de travail
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    nom: []
    for nom in (
        "accelerometer",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "usb",
    )
}

# --- Fichiers reçus ------------------------------------------------------------------
TAILLE_MAX_REQUETE = 26 * 1024 * 1024  # octets : une pièce de 25 Mo et son formulaire
TAILLE_MAX_PIECE = 25 * 1024 * 1024  # octets
DATA_UPLOAD_MAX_MEMORY_SIZE = 2560 * 1024  # octets de texte, fichiers exclus : 2,5 Mo
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
# « unix:///chemin » ou « tcp://hote:3310 »; vide : vérificateur de démonstration.
CLAMD_URL: str = env.str("CLAMD_URL", default="")
# `default` garde les copies sûres; `quarantaine`, les fichiers tels que reçus, que rien ne sert.
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "quarantaine": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": env.str("QUARANTAINE", default=str(DONNEES / "quarantaine")), "base_url": None},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# Un dépôt compatible S3 remplace le disque quand son nom est donné; jamais public.
if env.str("S3_CONTENANT", default=""):
    _s3 = {
        "endpoint_url": env.str("S3_ADRESSE", default=None),
        "access_key": env.str("S3_CLE", default=None),
        "secret_key": env.str("S3_SECRET", default=None),
        "default_acl": "private",
        "file_overwrite": False,
        "querystring_auth": True,
    }
    for _alias, _contenant in (
        ("default", env.str("S3_CONTENANT")),
        ("quarantaine", env.str("S3_CONTENANT_QUARANTAINE", default=env.str("S3_CONTENANT") + "-quarantaine")),
    ):
        STORAGES[_alias] = {
            "BACKEND": "storages.backends.s3.S3Storage",
            "OPTIONS": {**_s3, "bucket_name": _contenant},
        }
# Dossier que relève l'imprimeur, pour le fournisseur `DepotImpression`.
CORRESPONDANCE_DEPOT: str = env.str("CORRESPONDANCE_DEPOT", default=str(DONNEES / "impression"))

# --- Tâches --------------------------------------------------------------------------
REDIS_URL: str = env.str("REDIS_URL", default="")
CELERY_BROKER_URL = REDIS_URL or "memory://"
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = (
    {"socket_timeout": 2, "socket_connect_timeout": 2} if REDIS_URL else {"polling_interval": 0.05}
)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_REDIRECT_STDOUTS = False
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_SOFT_TIME_LIMIT = 240
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE_FILENAME = str(DONNEES / "celerybeat-schedule")
CELERY_BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "relayer": {"task": "correspondance.relayer", "schedule": 10.0, "options": {"expires": 30}},
    "sceller": {"task": "journal.sceller", "schedule": 60.0, "options": {"expires": 120}},
    "verifier_pieces": {"task": "dossiers.verifier_pieces", "schedule": 60.0, "options": {"expires": 120}},
    "purger_quarantaine": {"task": "dossiers.purger_quarantaine", "schedule": crontab(hour="2", minute="40")},
    "rattraper": {"task": "dossiers.rattraper", "schedule": 300.0, "options": {"expires": 600}},
    "lot_postal": {
        "task": "correspondance.lot_postal",
        "schedule": crontab(hour="17", minute="30"),
    },
    "constater_echeances": {
        "task": "dossiers.constater_echeances",
        "schedule": crontab(hour="0", minute="5"),
    },
    "calculer_delais": {
        "task": "referentiels.calculer_delais",
        "schedule": crontab(hour="3", minute="15"),
    },
}
CACHES: dict[str, dict[str, Any]] = {
    "default": (
        {"BACKEND": "socle.cache.RedisIndulgent", "LOCATION": REDIS_URL}
        if REDIS_URL
        else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    )
}

# --- Courriel et journaux techniques -------------------------------------------------
EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
DEFAULT_FROM_EMAIL: str = env.str("DEFAULT_FROM_EMAIL", default="ne-pas-repondre@cse.invalid")
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"ligne": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "ligne"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        "kombu": {"handlers": ["console"], "level": "ERROR", "propagate": False},
        # Ces deux-là nomment la personne ou l'adresse demandée : rien de moins qu'une erreur.
        "django.request": {"handlers": ["console"], "level": "ERROR", "propagate": False},
        "axes": {"handlers": ["console"], "level": "ERROR", "propagate": False},
        "celery": {"handlers": ["console"], "level": "WARNING", "propagate": False},
    },
}
