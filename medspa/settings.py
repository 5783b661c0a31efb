"""How is Django set up? Addresses and keys come from environment.py; the rest is the same anywhere."""

import os
from pathlib import Path
from typing import Any

import environ
from csp.constants import NONE, SELF

from medspa import environment, logs

BASE_DIR = Path(__file__).resolve().parent.parent
VAR = BASE_DIR / "var"
if (BASE_DIR / ".env").exists():
    environ.Env.read_env(BASE_DIR / ".env")
ENVIRONMENT = environment.read(os.environ, VAR)

IS_PRODUCTION = ENVIRONMENT.is_production
DEBUG = ENVIRONMENT.debug
SECRET_KEY = ENVIRONMENT.secret_key
FIELD_KEYS = ENVIRONMENT.field_keys
PORT = ENVIRONMENT.port
PUBLIC_URL = ENVIRONMENT.public_url
ALLOWED_HOSTS = list(ENVIRONMENT.allowed_hosts)
REDIS_URL = ENVIRONMENT.redis_url
METRICS_TOKEN = ENVIRONMENT.metrics_token
OPERATOR_GATEWAYS = ENVIRONMENT.gateways.accounts
OPERATOR_RATES = ENVIRONMENT.gateways.rates
GATEWAY_URLS = ENVIRONMENT.gateways.urls

INSTALLED_APPS = [
    "medspa",
    "dashboard",
    "portal",
    "api",
    "analytics",
    "reminders",
    "integrations",
    "clients",
    "cadences",
    "practices",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "rest_framework",
    "drf_spectacular",
    "django_htmx",
    "csp",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "medspa.health.HealthMiddleware",
    "medspa.metrics.MetricsMiddleware",
    "medspa.link_hosts.LinkHosts",
    "django.middleware.security.SecurityMiddleware",
    "integrations.webhooks.short_way.ShortWay",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
]

ROOT_URLCONF = "medspa.urls"
WSGI_APPLICATION = "medspa.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LANGUAGE_CODE = "en-us"
USE_TZ = True
TIME_ZONE = "UTC"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# Databases --------
# `default` is the application's role, held by the walls; `owner` only migrates (docs/decisions/0003).


def _database(url: str) -> dict[str, Any]:
    database: dict[str, Any] = environ.Env.db_url_config(url)  # type: ignore[no-untyped-call]
    limits = f"-c statement_timeout={ENVIRONMENT.database_statement_seconds}s"
    return database | {
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": ENVIRONMENT.database_conn_max_age_seconds,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "connect_timeout": ENVIRONMENT.database_connect_seconds,
            "options": limits,
            "application_name": "medspa",
            **database.get("OPTIONS", {}),
        },
    }


DATABASES = {"default": _database(ENVIRONMENT.database_url)}
if ENVIRONMENT.database_owner_url:
    # A migration may take longer than any page.
    DATABASES["owner"] = _database(ENVIRONMENT.database_owner_url)
    DATABASES["owner"]["OPTIONS"]["options"] = "-c lock_timeout=10s"

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "medspa",
    },
}

# People --------

AUTH_USER_MODEL = "practices.Person"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["email", "name"]},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/sign-in/"
PASSWORD_RESET_TIMEOUT = 24 * 60 * 60
ACCOUNT_ADAPTER = "medspa.accounts.Accounts"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_CONFIRMATION_EXPIRE_DAYS = 3
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
# Who opens the link in the browser that signed up is in; elsewhere it only confirms.
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_LOGIN_TIMEOUT = 60 * 60
# Nobody learns who has an account, and no stranger's mailbox is filled by asking.
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",
    "login_failed": "30/15m/ip,10/15m/key",
    "signup": "10/10m/ip",
    "reset_password": "20/m/ip,5/h/key",
    "change_password": "10/15m/user",
    "found_practice": "5/h/user",
    "join": "20/10m/ip",
}
# The proxy that ends TLS adds the client's address last; without one the header is anybody's.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if ENVIRONMENT.behind_tls_proxy else 0
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]

# The service's own emails to those who sign in; without a server they stay in the operator's outbox.
EMAIL_BACKEND = "medspa.operator_mail.OperatorOutbox"
if ENVIRONMENT.email_url:
    vars().update(environ.Env.email_url_config(ENVIRONMENT.email_url))  # type: ignore[no-untyped-call]
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = ENVIRONMENT.email_from

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 14 * 24 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]

# What a browser may do --------

IS_HTTPS = PUBLIC_URL.startswith("https://")
SESSION_COOKIE_SECURE = IS_HTTPS
CSRF_COOKIE_SECURE = IS_HTTPS
SECURE_SSL_REDIRECT = IS_HTTPS
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = IS_HTTPS
SECURE_HSTS_PRELOAD = IS_HTTPS
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
if ENVIRONMENT.behind_tls_proxy:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# The outbox shows messages in frames of our own; frame-ancestors replaces X-Frame-Options.
SILENCED_SYSTEM_CHECKS = ["security.W002"]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-src": [SELF],
        "frame-ancestors": [SELF],
        "manifest-src": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
    },
}

DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
DATA_UPLOAD_MAX_NUMBER_FILES = 20
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600

# Static files: ours, and the few third-party ones that package.json pins --------

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "medspa.node_assets.NodeAssetsFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_ROOT = VAR / "uploads"

# Programs --------

REST_FRAMEWORK = {
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
}
SPECTACULAR_SETTINGS = {"TITLE": "medspa", "VERSION": "1.0.0", "SERVE_INCLUDE_SCHEMA": False}

LOGGING_CONFIG = "medspa.logs.configure"
LOGGING = logs.settings(ENVIRONMENT.log_level, is_json=IS_PRODUCTION)
