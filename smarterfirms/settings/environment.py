"""Every environment variable of the product, read once, typed and judged here.

Names of the client's infrastructure brief are kept as they are. In production a missing or weak secret stops the start
with the variable's name; in development and test what is missing is made up once and kept under `var/`.
"""

from enum import StrEnum
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Literal, Self

from cryptography.fernet import Fernet
from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from smarterfirms.settings.addresses import says_pgbouncer, unusable_servers

BASE_DIR = Path(__file__).resolve().parents[2]
_SHORTEST_SECRET = 32
_PLACEHOLDERS = ("your-", "changeme", "change-me", "example", "secret", "password")


class Mode(StrEnum):
    DEVELOPMENT = "development"
    TEST = "test"
    STAGING = "staging"
    PRODUCTION = "production"


class SettingsRefused(SystemExit):
    """The process may not start with this environment; the text names each variable and what is wrong with it."""


def _comma_list(value: object) -> object:
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


CommaList = Annotated[tuple[str, ...], NoDecode]
_LISTS = ("allowed_hosts", "sms_countries", "trusted_proxy_cidrs", "cloudflare_cidrs")
# The addresses Cloudflare calls from (cloudflare.com/ips), as known in 2026; compare them before a deployment.
_CLOUDFLARE = (
    "173.245.48.0/20,103.21.244.0/22,103.22.200.0/22,103.31.4.0/22,141.101.64.0/18,108.162.192.0/18,190.93.240.0/20,"
    "188.114.96.0/20,197.234.240.0/22,198.41.128.0/17,162.158.0.0/15,104.16.0.0/13,104.24.0.0/14,172.64.0.0/13,"
    "131.0.72.0/22,2400:cb00::/32,2606:4700::/32,2803:f800::/32,2405:b500::/32,2405:8100::/32,2a06:98c0::/29,"
    "2c0f:f248::/32"
)


class Environment(BaseSettings):
    """The environment as typed values. Field names are the variables' names in lower case."""

    model_config = SettingsConfigDict(env_file=BASE_DIR / ".env", extra="ignore", env_ignore_empty=True)

    app_env: Mode = Mode.DEVELOPMENT
    var_dir: Path = BASE_DIR / "var"
    django_secret_key: SecretStr = SecretStr("")
    encryption_keys: SecretStr = SecretStr("")
    address_digest_key: SecretStr = SecretStr("")
    allowed_hosts: CommaList = ()
    public_base_url: str = "http://127.0.0.1:8000"
    static_base_url: str = "/static/"
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"] = "INFO"
    log_format: Literal["json", "lines"] = "json"

    # Database, Redis
    database_url: str = ""
    database_owner_url: str = ""
    redis_url: str = ""
    celery_broker_url: str = ""
    cache_url: str = ""

    # Limits, and whose headers are believed
    rate_limit_anonymous: int = Field(default=60, gt=0)
    rate_limit_person: int = Field(default=600, gt=0)
    rate_limit_key: int = Field(default=120, gt=0)
    rate_limit_consultant: int = Field(default=1200, gt=0)
    trusted_proxy_cidrs: CommaList = ()
    cloudflare_cidrs: CommaList = tuple(_CLOUDFLARE.split(","))

    # Mailgun
    mailgun_api_key: SecretStr = SecretStr("")
    mailgun_domain: str = "mail.smarterfirms.com"
    mailgun_from_email: str = "no-reply@smarterfirms.com"
    mailgun_api_url: str = "https://api.mailgun.net/v3"
    mailgun_webhook_signing_key: SecretStr = SecretStr("")
    email_per_second: float = Field(default=50, gt=0)

    # Twilio
    twilio_account_sid: str = ""
    twilio_auth_token: SecretStr = SecretStr("")
    twilio_from_number: str = ""
    twilio_api_base_url: str = "https://api.twilio.com"
    twilio_verify_service_sid: str = ""
    twilio_verify_base_url: str = "https://verify.twilio.com"
    sms_countries: CommaList = ("US", "CA", "GB", "IE", "AU", "NZ")
    sms_per_second: float = Field(default=10, gt=0)

    # Stripe
    stripe_secret_key: SecretStr = SecretStr("")
    stripe_webhook_secret: SecretStr = SecretStr("")
    stripe_publishable_key: str = ""

    # JWT
    jwt_secret: SecretStr = SecretStr("")
    jwt_refresh_secret: SecretStr = SecretStr("")
    jwt_secret_previous: SecretStr = SecretStr("")
    jwt_refresh_secret_previous: SecretStr = SecretStr("")

    # Clio: the brief's pair is the US application (decisions: Clio regions)
    clio_client_id: str = ""
    clio_client_secret: SecretStr = SecretStr("")
    clio_us_host: str = "https://app.clio.com"
    clio_ca_client_id: str = ""
    clio_ca_client_secret: SecretStr = SecretStr("")
    clio_ca_host: str = "https://ca.app.clio.com"
    clio_eu_client_id: str = ""
    clio_eu_client_secret: SecretStr = SecretStr("")
    clio_eu_host: str = "https://eu.app.clio.com"
    clio_au_client_id: str = ""
    clio_au_client_secret: SecretStr = SecretStr("")
    clio_au_host: str = "https://au.app.clio.com"
    clio_sign_in_pkce: bool = True
    clio_api_version: str = "4.0.13"
    clio_requests_per_minute: int = 50
    clio_deauthorization_token: SecretStr = SecretStr("")
    clio_webhook_base_url: str = ""

    # Files
    aws_storage_bucket_name: str = ""
    aws_region: str = "us-east-1"

    @model_validator(mode="before")
    @classmethod
    def _split_lists(cls, values: dict[str, object]) -> dict[str, object]:
        return {name: _comma_list(value) if name in _LISTS else value for name, value in values.items()}

    @field_validator("trusted_proxy_cidrs", "cloudflare_cidrs")
    @classmethod
    def _are_networks(cls, values: tuple[str, ...]) -> tuple[str, ...]:
        for value in values:
            ip_network(value)  # its ValueError names what is wrong
        return values

    @model_validator(mode="after")
    def _refuse_unusable_servers(self) -> Self:
        problems = unusable_servers(self.redis_url, self.celery_broker_url, self.cache_url)
        if says_pgbouncer(self.database_url) and not self.database_owner_url:
            problems.append(
                "DATABASE_OWNER_URL is missing: DATABASE_URL goes through PgBouncer, and migrations need a direct way."
            )
        if says_pgbouncer(self.database_owner_url):
            problems.append("DATABASE_OWNER_URL must lead to PostgreSQL itself, not through PgBouncer.")
        if problems:
            raise ValueError("\n".join(problems))
        return self

    @property
    def is_deployed(self) -> bool:
        """Tell whether real firms' data may be here: staging and production."""
        return self.app_env in (Mode.STAGING, Mode.PRODUCTION)

    @model_validator(mode="after")
    def _refuse_weak_deployment(self) -> Self:
        if self.is_deployed:
            problems = [*_missing(self), *_weak(self), *_insecure(self)]
            if problems:
                raise ValueError("\n".join(problems))
        return self


_REQUIRED_WHEN_DEPLOYED = (
    "database_url",
    "redis_url",
    "public_base_url",
    "allowed_hosts",
    "twilio_account_sid",
    "twilio_from_number",
    "stripe_publishable_key",
    "clio_client_id",
    "aws_storage_bucket_name",
)
# Secrets we make ourselves must be long; a vendor's secret has the length the vendor gave it.
_OWN_SECRETS = ("django_secret_key", "jwt_secret", "jwt_refresh_secret", "encryption_keys", "address_digest_key")
_VENDOR_SECRETS = (
    "mailgun_api_key",
    "mailgun_webhook_signing_key",
    "twilio_auth_token",
    "stripe_secret_key",
    "stripe_webhook_secret",
    "clio_client_secret",
)


def _missing(environment: Environment) -> list[str]:
    secrets = [name for name in (*_OWN_SECRETS, *_VENDOR_SECRETS) if not getattr(environment, name).get_secret_value()]
    plain = [name for name in _REQUIRED_WHEN_DEPLOYED if not getattr(environment, name)]
    return [f"{name.upper()} is missing." for name in (*plain, *secrets)]


def _weak(environment: Environment) -> list[str]:
    problems = []
    for name in (*_OWN_SECRETS, *_VENDOR_SECRETS):
        value = getattr(environment, name).get_secret_value()
        if value and value.lower().startswith(_PLACEHOLDERS):
            problems.append(f"{name.upper()} is still the placeholder of the example.")
        elif value and name in _OWN_SECRETS and (len(value) < _SHORTEST_SECRET or len(set(value)) < 10):
            problems.append(f"{name.upper()} is weak: at least {_SHORTEST_SECRET} random characters are needed.")
    problems += _unusable_keys(environment.encryption_keys.get_secret_value())
    own = [getattr(environment, name).get_secret_value() for name in _OWN_SECRETS]
    if len({value for value in own if value}) < len([value for value in own if value]):
        problems.append(f"{', '.join(name.upper() for name in _OWN_SECRETS)} must all be different.")
    return problems


def _unusable_keys(keys: str) -> list[str]:
    for key in filter(None, keys.split(",")):
        try:
            Fernet(key.strip())
        except ValueError:
            return ["ENCRYPTION_KEYS holds something that is no Fernet key (32 bytes in URL-safe base64)."]
    return []


def _insecure(environment: Environment) -> list[str]:
    addresses = (
        *("public_base_url", "mailgun_api_url", "twilio_api_base_url", "twilio_verify_base_url"),
        *("clio_us_host", "clio_ca_host", "clio_eu_host", "clio_au_host"),
    )
    any_host = ["ALLOWED_HOSTS may not be *: name the hosts."] if "*" in environment.allowed_hosts else []
    return any_host + [
        f"{name.upper()} must begin with https://."
        for name in addresses
        if not getattr(environment, name).startswith("https://")
    ]


def read_environment() -> Environment:
    """Read and judge the environment. Raises SettingsRefused, which ends the process, naming every faulty variable."""
    try:
        return Environment()
    except ValidationError as error:
        lines = [line for fault in error.errors() for line in _sentences(fault["loc"], fault["msg"])]
        raise SettingsRefused("The settings are not complete:\n" + "\n".join(f"  - {line}" for line in lines)) from None


def _sentences(location: tuple[int | str, ...], message: str) -> list[str]:
    text = message.removeprefix("Value error, ")
    return [f"{str(location[0]).upper()}: {text}"] if location else text.splitlines()
