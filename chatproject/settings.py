"""Every knob, from the environment, with defaults that run at once on a laptop.

Two profiles, one code. Without DATABASE_URL and REDIS_URL it is the embedded profile: SQLite,
an in-memory layer, one process, nothing else installed. With both it is the production profile:
PostgreSQL through a pool, Redis for fan-out, cache and presence, any number of processes.
"""

import logging
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured
from environs import Env

from chatproject.logs import logging_settings

BASE_DIR = Path(__file__).resolve().parent.parent
env = Env()
env.read_env(env.str("ENV_FILE", default=str(BASE_DIR / ".env")), recurse=False)

# --- Where and how safely ---------------------------------------------------------------------
DEBUG = env.bool("DEBUG", default=True)
DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "var"))).resolve()
REDIS_URL = env.str("REDIS_URL", default="")
# The address that people type. Links in e-mails, allowed hosts and cookie safety follow from it.
LOCAL_URL = f"http://localhost:{env.int('PORT', default=8000)}"
SITE_URL = env.str("SITE_URL", default=LOCAL_URL if DEBUG else "").rstrip("/")
SITE_HOST = urlsplit(SITE_URL).hostname or ""
LOOPBACK = ["localhost", "127.0.0.1", "[::1]"]
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", default=LOOPBACK if DEBUG else [SITE_HOST])
CSRF_TRUSTED_ORIGINS: list[str] = env.list(
    "CSRF_TRUSTED_ORIGINS", default=[] if DEBUG else [SITE_URL]
)
DEVELOPMENT_KEY = "development-only-key-that-is-refused-as-soon-as-debug-is-off"
SECRET_KEY = env.str("SECRET_KEY", default=DEVELOPMENT_KEY)
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", default=[])
MIN_KEY_LENGTH = 50

HTTPS = SITE_URL.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^health/"]
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=365 * 24 * 3600) if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# Networks of our own proxies (10.0.0.0/8,…): what they say of client and scheme is believed.
TRUSTED_PROXIES: list[str] = env.list("TRUSTED_PROXIES", default=[])
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# Django 6 has these names built in; chatproject/csp.py serves them until then.
SECURE_CSP = {
    "default-src": ["'self'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
    "img-src": ["'self'", "data:", "blob:"],
    "media-src": ["'self'", "blob:"],
    # Older browsers do not count the socket of the same host as 'self'.
    "connect-src": ["'self'", SITE_URL.replace("http", "ws", 1)],
    "worker-src": ["'self'"],
    "manifest-src": ["'self'"],
    "object-src": ["'none'"],
    "base-uri": ["'none'"],
    "form-action": ["'self'"],
    "frame-ancestors": ["'none'"],
}


def refuse_to_start_unsafe() -> None:
    """A server that anybody but its developer can reach has a key of its own and named hosts."""
    if DEBUG:
        if not set(ALLOWED_HOSTS) <= {*LOOPBACK, "testserver"}:
            raise ImproperlyConfigured("DEBUG is for this machine alone: set DEBUG=false.")
        return
    if SECRET_KEY == DEVELOPMENT_KEY or len(SECRET_KEY) < MIN_KEY_LENGTH:
        raise ImproperlyConfigured(f"Set SECRET_KEY to {MIN_KEY_LENGTH} or more random characters.")
    if not SITE_HOST or not all(ALLOWED_HOSTS) or not ALLOWED_HOSTS or "*" in ALLOWED_HOSTS:
        raise ImproperlyConfigured("Set SITE_URL (and ALLOWED_HOSTS, if there are more names).")
    if not HTTPS and SITE_HOST not in ("localhost", "127.0.0.1", "::1"):
        raise ImproperlyConfigured("SITE_URL must begin with https:// except on this machine.")


refuse_to_start_unsafe()

# --- Applications ----------------------------------------------------------------------------
INSTALLED_APPS = [
    "daphne",
    "integrations",
    "conversations",
    "notifications",
    "accounts",
    "chatproject",
    "accounts.admin_config.ParleyAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_tasks",
    "django_tasks_db",
    "django_structlog",
    "servestatic",
    "axes",
]
MIDDLEWARE = [
    "chatproject.csp.content_security_policy",
    "django.middleware.security.SecurityMiddleware",
    "chatproject.logs.RequestLog",
    "chatproject.compression.PageCompression",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.DeviceMiddleware",
    "accounts.reader.ReaderMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
    "chatproject.refusals.RefusalMiddleware",
]
ROOT_URLCONF = "chatproject.urls"
ASGI_APPLICATION = "chatproject.asgi.application"
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
                "conversations.navigation.navigation",
            ],
        },
    },
]

# --- Database --------------------------------------------------------------------------------
DATABASES = {
    "default": env.dj_db_url(
        "DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'parley.sqlite3'}", conn_max_age=0
    )
}
DATABASE = DATABASES["default"]
if DATABASE["ENGINE"].endswith("sqlite3"):
    # IMMEDIATE takes the write lock at BEGIN: without it concurrent writers fail at COMMIT with
    # "database is locked" (measured: 721 of 800). FULL, since an acknowledgement means durable.
    DATABASE["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON",
    }
    DATA_DIR.mkdir(parents=True, exist_ok=True)
else:
    # Under ASGI, CONN_MAX_AGE leaks a connection per thread; the pool bounds them.
    DATABASE["OPTIONS"] = {
        "pool": {
            "min_size": env.int("DATABASE_POOL_MIN", default=2),
            "max_size": env.int("DATABASE_POOL_MAX", default=20),
            "timeout": 10,
        },
        "connect_timeout": 5,
        # Only the queries of chatproject/prepared.py ask for it. A pooler in between that hands the
        # statements of one session to another connection needs DATABASE_PREPARED=false.
        "prepare_threshold": 5 if env.bool("DATABASE_PREPARED", default=True) else None,
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# How many requests one process answers at the same time; each may hold a connection meanwhile.
REQUEST_THREADS = env.int("REQUEST_THREADS", default=16)

# --- Fan-out and cache -----------------------------------------------------------------------
FOR_EVER = 10 * 365 * 24 * 3600
if REDIS_URL:
    CHANNEL_LAYERS = {
        "default": {
            "BACKEND": "chatproject.channel_layer.WatchedPubSubChannelLayer",
            "CONFIG": {"hosts": [{"address": REDIS_URL, "socket_timeout": 30}]},
        }
    }
    CACHES = {
        "default": {
            "BACKEND": "chatproject.cache.ForgivingRedisCache",
            "LOCATION": REDIS_URL,
            "OPTIONS": {"socket_timeout": 2, "socket_connect_timeout": 2},
        }
    }
else:
    # The default capacity of 100 drops events silently. By the default expiries a process that slept
    # for a minute, or ran for a day, would forget who listens to what.
    CHANNEL_LAYERS = {
        "default": {
            "BACKEND": "channels.layers.InMemoryChannelLayer",
            "CONFIG": {"capacity": 5000, "expiry": FOR_EVER, "group_expiry": FOR_EVER},
        }
    }
    CACHES = {
        "default": {
            "BACKEND": "chatproject.cache.LocalCache",
            # At the default of 300 the limits of some would push out those of others.
            "OPTIONS": {"MAX_ENTRIES": 100_000},
        }
    }

# --- People and sign-in ----------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
# An address is unique in any spelling: a constraint on Lower("email"), which the check overlooks.
SILENCED_SYSTEM_CHECKS = ["auth.W004"]
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "accounts.sign_in.PersonBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    # What people bring along from the origin, until they sign in for the first time.
    "django.contrib.auth.hashers.BCryptPasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "conversation-list"
SIMPLE_JWT = {
    "ACCESS_TOKEN_LIFETIME": timedelta(minutes=env.int("ACCESS_TOKEN_MINUTES", default=10)),
    "REFRESH_TOKEN_LIFETIME": timedelta(days=env.int("REFRESH_TOKEN_DAYS", default=30)),
    "SIGNING_KEY": SECRET_KEY,
}
# Accounts knows that somebody has to be told, and notifications how.
SECURITY_NOTICE = "notifications.services.notify_security"
# And what an account that is deleted leaves behind in conversations.
FAREWELL = "conversations.services.farewell.take_leave"
# And what belongs into the copy of their data that people may ask for.
PERSONAL_ARCHIVE = "conversations.personal_archive.write"
# And who outside listens to what happens in conversations.
OUTSIDE = "integrations.outbox.OUTBOX"
REGISTRATION_OPEN = env.bool("REGISTRATION_OPEN", default=True)
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
SESSION_COOKIE_AGE = 60 * 60 * 24 * env.int("SESSION_DAYS", default=30)
PASSWORD_RESET_TIMEOUT = 60 * 60 * env.int("PASSWORD_RESET_HOURS", default=4)

# Wrong passwords count wherever they are tried; accounts/sign_in.py says how patiently.
AXES_FAILURE_LIMIT = env.int("SIGN_IN_FAILURES", default=10)
AXES_COOLOFF_TIME = timedelta(minutes=env.int("SIGN_IN_COOL_OFF_MINUTES", default=15))
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"], "ip_address", "username"]
AXES_HANDLER = "accounts.sign_in.SignInLimits"
AXES_LOCKOUT_CALLABLE = "accounts.sign_in.lockout_response"
AXES_USERNAME_CALLABLE = "accounts.sign_in.account_name"
AXES_RESET_ON_SUCCESS = True
# What happens during a lockout does not prolong it: Retry-After is true.
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_CLIENT_IP_CALLABLE = "accounts.client_address.client_address"
AXES_ENABLE_ACCESS_FAILURE_LOG = False
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False

# --- Chat ------------------------------------------------------------------------------------
EDIT_WINDOW_SECONDS = env.int("EDIT_WINDOW_SECONDS", default=15 * 60)
# What one socket may send, at once and then per second.
SOCKET_FRAMES_BURST = env.int("SOCKET_FRAMES_BURST", default=60)
SOCKET_FRAMES_PER_SECOND = env.int("SOCKET_FRAMES_PER_SECOND", default=30)
# How many sockets one person may have open to one process.
SOCKETS_PER_PERSON = env.int("SOCKETS_PER_PERSON", default=100)
# Pages of these origins may speak Socket.IO, with a token: https://app.example.org, capacitor://localhost, …
SOCKET_IO_ORIGINS: list[str] = env.list("SOCKET_IO_ORIGINS", default=[])
# How many commands of sockets one process carries out at the same time.
SOCKET_THREADS = env.int("SOCKET_THREADS", default=12)

# --- Push ------------------------------------------------------------------------------------
# Of the server itself; `manage.py make_push_keys` makes one. Everybody's subscriptions hang on it.
VAPID_KEY_FILE = Path(env.str("VAPID_KEY_FILE", default=str(DATA_DIR / "push-key")))
VAPID_PRIVATE_KEY = env.str("VAPID_PRIVATE_KEY", default="") or (
    VAPID_KEY_FILE.read_text().strip() if VAPID_KEY_FILE.exists() else ""
)
# Whom push services tell when something is wrong with what we send.
VAPID_CONTACT = env.str("VAPID_CONTACT", default=f"mailto:parley@{SITE_HOST or 'localhost'}")
FCM_CREDENTIALS_FILE = env.str("FCM_CREDENTIALS_FILE", default="")
FCM_URL = env.str("FCM_URL", default="https://fcm.googleapis.com")
APNS_KEY_FILE = env.str("APNS_KEY_FILE", default="")
APNS_KEY_ID = env.str("APNS_KEY_ID", default="")
APNS_TEAM_ID = env.str("APNS_TEAM_ID", default="")
APNS_TOPIC = env.str("APNS_TOPIC", default="")
APNS_URL = env.str("APNS_URL", default="https://api.push.apple.com")
# Phones get ids alone, and fetch the rest from us: no text passes through a vendor.
PUSH_IDS_ONLY = env.bool("PUSH_IDS_ONLY", default=False)
# How long somebody has to see a message by themselves before a device is told, in seconds.
PUSH_GRACE_SECONDS = env.float("PUSH_GRACE_SECONDS", default=5)
# How long a worker may take for a push before another one repeats it, in seconds (15 is the most).
PUSH_LEASE_SECONDS = env.int("PUSH_LEASE_SECONDS", default=45)
# Networks of a push service of one's own; all others must be public.
PUSH_ALLOWED_NETWORKS: list[str] = env.list("PUSH_ALLOWED_NETWORKS", default=[])
# How long it is known what was pushed, and why something was not.
PUSH_LOG_DAYS = env.int("PUSH_LOG_DAYS", default=14)

# How long it is known what a webhook was told, with its words, so that it can be told again.
WEBHOOK_LOG_DAYS = env.int("WEBHOOK_LOG_DAYS", default=7)

# --- REST ------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.authentication.ApiKeyAuthentication",
        "accounts.authentication.SessionTokenAuthentication",
        "accounts.authentication.PageSessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_PARSER_CLASSES": ["chatproject.json.BoundedJSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["chatproject.json.WireJSONRenderer"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "chatproject.json.JSONNegotiation",
    "DEFAULT_THROTTLE_CLASSES": ["accounts.throttling.Throttle"],
    "DEFAULT_THROTTLE_RATES": {
        "anon": env.str("RATE_ANONYMOUS", default="120/min"),
        "user": env.str("RATE_USER", default="1200/min"),
        "api-key": env.str("RATE_API_KEY", default="600/min"),
        "webhook": env.str("RATE_WEBHOOK", default="120/min"),
        "sign-in": env.str("RATE_SIGN_IN", default="20/min"),
        # Scopes of chatproject/rest.py. A person never gets there; a runaway loop does.
        "send": env.str("RATE_SEND", default="600/min"),
        "read": env.str("RATE_READ", default="900/min"),
        "change": env.str("RATE_CHANGE", default="600/min"),
    },
    "DEFAULT_SCHEMA_CLASS": "chatproject.schema.ApiSchema",
    "EXCEPTION_HANDLER": "chatproject.errors.handle_api_exception",
    # Moments stay moments until the renderer writes them as the wire wants them.
    "DATETIME_FORMAT": None,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Parley",
    "DESCRIPTION": "Chat for organisations that host it themselves. "
    "What happens at once comes over [the socket](/api/docs/events).",
    "VERSION": "1.0",
    "OAS_VERSION": "3.1.1",
    "COMPONENT_SPLIT_REQUEST": True,
    "CAMELIZE_NAMES": True,
    "PREPROCESSING_HOOKS": ["chatproject.schema.without_trailing_slashes"],
    # Enumerations stay where they are used: several fields are called `kind`.
    "POSTPROCESSING_HOOKS": [
        "integrations.contract.with_webhooks",
        "chatproject.schema.with_examples",
        "chatproject.schema.with_shared_parts",
    ],
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": r"/api/",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
}

# --- Background work, e-mail, logs -----------------------------------------------------------
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
# One process alone works its tasks in a thread; several leave them to `manage.py db_worker`.
TASKS_IN_PROCESS = env.bool("TASKS_IN_PROCESS", default=not REDIS_URL)

# submission://user:password@host:587; without it messages are written to files.
EMAIL = env.dj_email_url("EMAIL_URL", default=f"file:///{DATA_DIR / 'mail'}")
vars().update(EMAIL)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str(
    "EMAIL_FROM", default=f"Parley <parley@{SITE_HOST or 'localhost'}>"
)

LOGGING = logging_settings(level=env.str("LOG_LEVEL", default="INFO"), as_json=not DEBUG)
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = logging.DEBUG

# --- Language, time, files -------------------------------------------------------------------
LANGUAGE_CODE = "en"
# Each by its own name, so that whoever landed in the wrong one finds the way out.
LANGUAGES = [("en", "English"), ("de", "Deutsch"), ("ar", "العربية")]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_SECURE = HTTPS
LANGUAGE_COOKIE_SAMESITE = "Lax"
TIME_ZONE = "UTC"
USE_TZ = True
STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = DATA_DIR / "media"
MEDIA_URL = "media/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "chatproject.storage.HashedStaticFilesStorage"
    },
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200
DATA_UPLOAD_MAX_NUMBER_FILES = 10
