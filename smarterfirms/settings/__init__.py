"""Django's settings, all derived from the typed environment; see environment.py for the variables."""

from datetime import timedelta
from typing import Any

import django_stubs_ext

from smarterfirms.settings.databases import (
    APPLICATION_ROLE,
    OWNER_ROLE,
    database_from_url,
    embedded_database,
    with_role,
)
from smarterfirms.settings.environment import BASE_DIR, Mode, SettingsRefused, read_environment
from smarterfirms.settings.logs import configure_structlog, logging_settings
from smarterfirms.settings.made_up import made_up_secrets

django_stubs_ext.monkeypatch()  # lets Django's generic classes be written with their parameter at run time

env = read_environment()
VAR_DIR = env.var_dir
_made_up: dict[str, str] = {} if env.is_deployed else made_up_secrets(VAR_DIR)


def _secret(name: str) -> str:
    value = getattr(env, name)
    text: str = value if isinstance(value, str) else value.get_secret_value()
    return text or _made_up.get(name, "")


DEBUG = False
APP_ENV = env.app_env.value
SECRET_KEY = _secret("django_secret_key")
ADDRESS_DIGEST_KEY = _secret("address_digest_key")
ENCRYPTION_KEYS = [key.strip() for key in _secret("encryption_keys").split(",")]
PUBLIC_BASE_URL = env.public_base_url.rstrip("/")
ALLOWED_HOSTS = list(env.allowed_hosts) or ["127.0.0.1", "localhost", "[::1]", "testserver"]
ROOT_URLCONF = "smarterfirms.urls"
WSGI_APPLICATION = "smarterfirms.wsgi.application"
AUTH_USER_MODEL = "accounts.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
APPEND_SLASH = False

INSTALLED_APPS = [
    "smarterfirms.admin_app.StaffAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "anymail",
    "apps.core",
    "apps.notifications",
    "apps.accounts",
    "apps.billing",
    "apps.clio",
    "apps.reports",
]
MIDDLEWARE = [
    "apps.core.health.LivenessMiddleware",
    "apps.core.request_ids.RequestIdMiddleware",
    "apps.core.rate_limits.RateLimitMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

# --- Database and Redis -------------------------------------------------------------------------------------------
USES_EMBEDDED_SERVERS = not env.is_deployed and not (env.database_url and env.redis_url)
try:
    _database = database_from_url(env.database_url) if env.database_url else embedded_database(VAR_DIR)
    _owner = (
        database_from_url(env.database_owner_url, "DATABASE_OWNER_URL") if env.database_owner_url else dict(_database)
    )
except ValueError as error:
    raise SettingsRefused(str(error)) from None
if not env.database_url:
    _owner["USER"] = OWNER_ROLE
elif not env.database_owner_url and not env.is_deployed:
    # A developer's own server with one log-in: take on the application's role, or the owner's (prepare_database).
    _database, _owner = with_role(_database, APPLICATION_ROLE), with_role(_owner, OWNER_ROLE)
DATABASES = {"default": _database}
# What migrations connect as; the application's own role owns nothing.
DATABASE_OWNER = _owner

if env.redis_url:
    REDIS_URL = env.redis_url
else:
    from smarterfirms.embedded.places import Places

    REDIS_URL = f"unix://{Places(VAR_DIR).redis_socket}"
CELERY_BROKER_URL = env.celery_broker_url or REDIS_URL
CACHE_URL = env.cache_url or REDIS_URL
# The key prefix keeps test runs apart on one server.
REDIS_KEY_PREFIX = "test:" if env.app_env is Mode.TEST else "sf:"
CACHES = {
    "default": {
        "BACKEND": "apps.core.shared_cache.SharedCache",
        "LOCATION": CACHE_URL,
        "KEY_PREFIX": f"{REDIS_KEY_PREFIX}cache",
    }
}

# --- Web ----------------------------------------------------------------------------------------------------------
STATIC_URL = env.static_base_url
STATIC_ROOT = BASE_DIR / "staticfiles" if env.is_deployed else VAR_DIR / "static"
if not env.is_deployed:
    STATIC_ROOT.mkdir(parents=True, exist_ok=True)
STORAGES: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": env.aws_storage_bucket_name,
            "region_name": env.aws_region,
            "signature_version": "s3v4",
            "file_overwrite": False,
            "default_acl": None,
            "querystring_expire": 300,
        },
    }
    if env.aws_storage_bucket_name
    else {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(VAR_DIR / "files")}},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    if env.is_deployed
    else {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = not env.is_deployed
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.is_deployed else None
SECURE_SSL_REDIRECT = env.is_deployed
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 31_536_000 if env.is_deployed else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.is_deployed
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = env.is_deployed
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
if env.is_deployed:  # browsers take such names over TLS from this very host only: no other host of ours can plant them
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
CSRF_FAILURE_VIEW = "apps.core.problems.csrf_failure"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
LANGUAGE_CODE = "en-us"
TIME_ZONE = "UTC"
USE_TZ = True

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "apps.accounts.api.key_authentication.ApiKeyAuthentication",
        "apps.accounts.api.authentication.SessionTokenAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": [
        "apps.core.rate_limits.WithinRateLimit",
        "apps.core.permissions.PermissionTableAllows",
        "apps.accounts.api.entry_limits.WithinEntryLimit",
    ],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["apps.core.parsing.StrictJSONParser"],
    "EXCEPTION_HANDLER": "apps.core.problems.problem_from_exception",
    "DEFAULT_SCHEMA_CLASS": "apps.core.openapi.ProblemSchema",
    "UNAUTHENTICATED_USER": None,
    "COERCE_DECIMAL_TO_STRING": True,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Smarter Firms API",
    "DESCRIPTION": "Numbers a law firm on Clio can trust: utilization, realization, collections, receivables.",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.0",
    "COMPONENT_SPLIT_REQUEST": True,
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["apps.core.rate_limits.WithinRateLimit"],
    "SERVE_AUTHENTICATION": [],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "ENUM_NAME_OVERRIDES": {
        "SecondFactorEnum": "apps.accounts.rules.methods.FACTORS",
        "PreferenceChoiceEnum": "apps.notifications.contracts.Choice",
        "RoleEnum": "apps.accounts.api.firm_serializers._ROLES",
        "CreditRoleEnum": "apps.reports.rules.kept_tables.CREDIT_ROLES",
        "DimensionEnum": "apps.reports.api.custom_serializers._DIMENSIONS",
        "RowKindEnum": "apps.reports.api.explanation_serializers.ROW_KINDS",
        "LedgerCheckKindEnum": "apps.reports.api.quality_serializers.CHECK_KINDS",
        "RowChangeEnum": "apps.reports.api.closing_serializers.CHANGES",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "apps.core.openapi.add_problem_component",
    ],
}

# Which function says what a person is in a firm (core's base view asks, accounts answers).
FIRM_ACCESS_LOOKUP = "apps.accounts.api.authentication.find_firm_access"
# Which function lets people in to a firm's pages, of any app, and which template frames them.
FIRM_PAGE_GATE = "apps.accounts.pages.firm_gate.let_in"
FIRM_PAGE_LAYOUT = "accounts/pages/firm.html"

# --- Limits ---------------------------------------------------------------------------------------------------------
# Requests per minute, by who calls.
RATE_LIMITS = {
    "anonymous": env.rate_limit_anonymous,
    "person": env.rate_limit_person,
    "key": env.rate_limit_key,
    "consultant": env.rate_limit_consultant,
}
# Whoever asks to be let in: (requests, seconds), by network and by the address they give.
ENTRY_LIMITS = {"network": (30, 60), "account": (10, 900)}
RATE_LIMIT_PREFIX = f"{REDIS_KEY_PREFIX}limit:"
TRUSTED_PROXY_CIDRS = tuple(env.trusted_proxy_cidrs)
CLOUDFLARE_CIDRS = tuple(env.cloudflare_cidrs)

# --- People and tokens ----------------------------------------------------------------------------------------------
PASSWORD_HASHERS = ["apps.accounts.services.password_hasher.FirmPasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "apps.accounts.services.check_password_policy.DisguisedPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
]
JWT_REFRESH_SECRET = _secret("jwt_refresh_secret")
# The secrets before the last change: they verify until the tokens made with them have run out, and sign nothing.
JWT_SECRET_PREVIOUS = env.jwt_secret_previous.get_secret_value()
JWT_REFRESH_SECRET_PREVIOUS = env.jwt_refresh_secret_previous.get_secret_value()
SIMPLE_JWT: dict[str, Any] = {
    "SIGNING_KEY": _secret("jwt_secret"),
    "ALGORITHM": "HS256",
    "ISSUER": f"smarterfirms:{APP_ENV}",
    "AUDIENCE": "smarterfirms-api",
    "LEEWAY": 10,  # seconds: hosts' clocks differ
    "ACCESS_TOKEN_LIFETIME": timedelta(minutes=15),
    "REFRESH_TOKEN_LIFETIME": timedelta(days=30),
}
LOGIN_URL = "/sign-in"

# --- Jobs -----------------------------------------------------------------------------------------------------------
JOB_QUEUES = ("critical", "default", "email", "sms", "exports")

# --- Messages -------------------------------------------------------------------------------------------------------
DEFAULT_FROM_EMAIL = f"Smarter Firms <{env.mailgun_from_email}>"
OUTBOX_DIR = VAR_DIR / "outbox"
# Closed while empty: Anymail would fall back to the API key, which signs nothing.
MAILGUN_WEBHOOK_SIGNING_KEY = env.mailgun_webhook_signing_key.get_secret_value()
# How fast we hand messages over, by channel and all workers together.
SENDS_PER_SECOND = {"email": env.email_per_second, "sms": env.sms_per_second}
_mailgun_key = env.mailgun_api_key.get_secret_value()
if _mailgun_key:
    EMAIL_BACKEND = "anymail.backends.mailgun.EmailBackend"
    ANYMAIL = {
        "MAILGUN_API_KEY": _mailgun_key,
        "MAILGUN_API_URL": env.mailgun_api_url,
        "MAILGUN_SENDER_DOMAIN": env.mailgun_domain,
        "REQUESTS_TIMEOUT": (3, 10),
    }
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = str(OUTBOX_DIR / "email")

# --- Vendors --------------------------------------------------------------------------------------------------------
TWILIO_ACCOUNT_SID = env.twilio_account_sid
TWILIO_AUTH_TOKEN = env.twilio_auth_token.get_secret_value()
TWILIO_FROM_NUMBER = env.twilio_from_number
SMS_COUNTRIES = frozenset(env.sms_countries)
# Codes to all numbers of one country: (messages, seconds). Beyond that somebody is pumping.
SMS_COUNTRY_LIMIT = (1000, 3600)
TWILIO_API_BASE_URL = env.twilio_api_base_url.rstrip("/")
# With a service of Twilio Verify, codes are made, sent and checked there; without one they are ours.
TWILIO_VERIFY_SERVICE_SID = env.twilio_verify_service_sid
TWILIO_VERIFY_BASE_URL = env.twilio_verify_base_url.rstrip("/")
STRIPE_SECRET_KEY = env.stripe_secret_key.get_secret_value()
STRIPE_WEBHOOK_SECRET = env.stripe_webhook_secret.get_secret_value()
STRIPE_PUBLISHABLE_KEY = env.stripe_publishable_key
CLIO_CLIENT_ID = _secret("clio_client_id")
CLIO_CLIENT_SECRET = _secret("clio_client_secret")
CLIO_US_HOST = env.clio_us_host.rstrip("/")
# Whether the pair above was given, not made up: only then may people be sent to Clio itself.
CLIO_HAS_US_APPLICATION = bool(env.clio_client_id)
# Region -> host, client id, secret; one whose pair is missing is not offered.
CLIO_OTHER_REGIONS = {
    region: (host.rstrip("/"), client_id, secret.get_secret_value())
    for region, host, client_id, secret in (
        ("ca", env.clio_ca_host, env.clio_ca_client_id, env.clio_ca_client_secret),
        ("eu", env.clio_eu_host, env.clio_eu_client_id, env.clio_eu_client_secret),
        ("au", env.clio_au_host, env.clio_au_client_id, env.clio_au_client_secret),
    )
    if client_id and secret.get_secret_value()
}
CLIO_SIGN_IN_PKCE = env.clio_sign_in_pkce
CLIO_API_VERSION = env.clio_api_version
CLIO_REQUESTS_PER_MINUTE = env.clio_requests_per_minute
CLIO_DEAUTHORIZATION_TOKEN = env.clio_deauthorization_token.get_secret_value()
CLIO_WEBHOOK_BASE_URL = (env.clio_webhook_base_url or env.public_base_url).rstrip("/")

configure_structlog()
LOGGING = logging_settings(level=env.log_level, as_json=env.log_format == "json")
