"""Settings of Letopis. Everything a school changes comes from the environment; secrets never stand here.

LETOPIS_VAR        folder for everything the product writes (default: ./var)
LETOPIS_DATABASE   sqlite:///path or postgresql://user:password@host:port/name (default: SQLite in the var folder)
LETOPIS_HOSTS      host names the site answers to, separated by commas
LETOPIS_HTTPS      1 where the site is served over HTTPS: cookies are then sent over it only
LETOPIS_SECRET_KEY key that signs sessions (default: made at the first start and kept in the var folder)
LETOPIS_MAIL       smtp://user:password@host:port of reminders by e-mail (default: none go out)
LETOPIS_MAIL_FROM  address they come from
LETOPIS_SITE       address of this site as it stands in letters
LETOPIS_TSA_URL    http(s):// address of a service of time stamps (RFC 3161) for checkpoints (default: none is asked)
LETOPIS_TSA_CA     PEM file with the roots that the service's certificates lead to (default: those of the system)
LETOPIS_DEBUG      1 for developers
LETOPIS_TODAY      ISO date the site takes for today (demonstrations and browser tests only)
"""

import os
import secrets
from pathlib import Path
from urllib.parse import unquote, urlsplit

BASE_DIR = Path(__file__).resolve().parent.parent.parent
PACKAGE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(os.environ.get("LETOPIS_VAR", BASE_DIR / "var")).resolve()
DEBUG = os.environ.get("LETOPIS_DEBUG") == "1"
ALLOWED_HOSTS = os.environ.get("LETOPIS_HOSTS", "127.0.0.1,localhost,[::1]").split(",")
LETOPIS_TODAY = os.environ.get("LETOPIS_TODAY", "")


def _secret_key() -> str:
    """Return the key kept in the var folder; the first start makes one that nobody else can read."""
    if key := os.environ.get("LETOPIS_SECRET_KEY"):
        return key
    VAR_DIR.mkdir(parents=True, exist_ok=True)
    path = VAR_DIR / "secret_key"
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(key := secrets.token_urlsafe(50))
    return key


def database_from_url(url: str) -> dict[str, object]:
    """Return Django's database settings for a sqlite:/// or postgresql:// address."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": unquote(url.removeprefix("sqlite:///")),
            "OPTIONS": {
                # A legal record: every commit is on the disk before the teacher reads «saved».
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
            },
        }
    if parts.scheme in ("postgresql", "postgres"):
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.lstrip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": parts.hostname or "",
            "PORT": str(parts.port or ""),
            # PgBouncer in its transaction mode hands a cursor's next fetch to another connection.
            "DISABLE_SERVER_SIDE_CURSORS": True,
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
        }
    raise ValueError(f"LETOPIS_DATABASE must begin with sqlite:/// or postgresql://, got {parts.scheme!r}")


SECRET_KEY = _secret_key()
DATABASE_URL = os.environ.get("LETOPIS_DATABASE", f"sqlite:///{VAR_DIR / 'letopis.sqlite3'}")
DATABASES = {"default": database_from_url(DATABASE_URL)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"


def mail_from_url(url: str) -> dict[str, object]:
    """Return Django's settings of e-mail for smtp://user:password@host:port; smtps:// speaks TLS from the start.

    Nothing for an empty address: then no mail is sent. With a user, smtp:// goes on by STARTTLS.
    """
    if not url:
        return {}
    parts = urlsplit(url)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise ValueError(f"LETOPIS_MAIL must be smtp://host:port or smtps://host:port, got {parts.scheme!r}")
    is_tls = parts.scheme == "smtps"
    return {
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or (465 if is_tls else 587),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": is_tls,
        "EMAIL_USE_TLS": not is_tls and bool(parts.username),
        "EMAIL_TIMEOUT": 10,
    }


LETOPIS_MAIL = os.environ.get("LETOPIS_MAIL", "")
globals().update(mail_from_url(LETOPIS_MAIL))
DEFAULT_FROM_EMAIL = os.environ.get("LETOPIS_MAIL_FROM", "letopis@localhost")
LETOPIS_SITE = os.environ.get("LETOPIS_SITE", "http://127.0.0.1:8000").rstrip("/")


def time_service(url: str) -> str:
    """Return the address of a service of time stamps, or nothing. A password in it would be stored with each stamp."""
    parts = urlsplit(url)
    if url and (parts.scheme not in ("http", "https") or not parts.hostname or parts.username or len(url) > 200):
        raise ValueError("LETOPIS_TSA_URL must be http://host/path or https://host/path, without a user or password")
    return url


LETOPIS_TSA_URL = time_service(os.environ.get("LETOPIS_TSA_URL", ""))
LETOPIS_TSA_CA = os.environ.get("LETOPIS_TSA_CA", "")

INSTALLED_APPS = [
    "letopis.core",
    "letopis.ledger",
    "letopis.org",
    "letopis.notices",
    "letopis.accounts",
    "letopis.people",
    "letopis.schooling",
    "letopis.archive",
    "letopis.register",
    "letopis.attestation",
    "letopis.diary",
    "letopis.control",
    "letopis.exchange",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "template_partials",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "letopis.core.web.ContentSecurityMiddleware",
    "letopis.core.web.NoNulMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "letopis.core.web.ChosenLanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "letopis.people.middleware.ActorMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "letopis.core.web.OnlyByButtonMiddleware",
]

ROOT_URLCONF = "letopis.config.urls"
WSGI_APPLICATION = "letopis.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "letopis.config.navigation.page",
            ],
        },
    }
]

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["letopis.people.backends.PersonBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "accounts:sign_in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "accounts:sign_in"

LANGUAGE_CODE = "ru"
LANGUAGES = [("ru", "Русский"), ("en", "English")]
LOCALE_PATHS = [PACKAGE_DIR / "locale"]
TIME_ZONE = "Europe/Moscow"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
MEDIA_ROOT = VAR_DIR / "files"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

SESSION_COOKIE_AGE = 60 * 60 * 12
SESSION_COOKIE_HTTPONLY = True
HTTPS = os.environ.get("LETOPIS_HTTPS") == "1"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
if HTTPS:
    # The proxy before us ends HTTPS and must set this header itself, never pass a visitor's.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS]
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if HTTPS else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"

# Children's data never goes to a log: only the path, the code and the kind of an error do.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "discreet": {"()": "letopis.core.logs.DiscreetFormatter", "format": "%(levelname)s %(name)s %(message)s"}
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "discreet"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
