"""The settings: typed, named faults, nothing weak in production."""

import os
import subprocess
import sys

import pytest
from cryptography.fernet import Fernet

from smarterfirms.settings.addresses import celery_broker_url
from smarterfirms.settings.databases import database_from_url
from smarterfirms.settings.environment import BASE_DIR, Environment, SettingsRefused, read_environment

_STRONG = {
    "APP_ENV": "production",
    "DATABASE_URL": "postgresql://app:secret@db.internal:5432/smarterfirms?schema=public",
    "REDIS_URL": "rediss://cache.internal:6379",
    "PUBLIC_BASE_URL": "https://app.smarterfirms.com",
    "ALLOWED_HOSTS": "app.smarterfirms.com, api.smarterfirms.com",
    "DJANGO_SECRET_KEY": "d9f8e7c6b5a4d3c2b1a0f9e8d7c6b5a4-django",
    "ENCRYPTION_KEYS": Fernet.generate_key().decode(),
    "ADDRESS_DIGEST_KEY": "q8w7e6r5t4y3u2i1o0pasdfghjklzxcv-address",
    "JWT_SECRET": "1a2b3c4d5e6f7g8h9i0jklmnopqrstuv-access",
    "JWT_REFRESH_SECRET": "zyxwvutsrqponmlkjihgfedcba987654-refresh",
    "MAILGUN_API_KEY": "key-3ax6xnjp29jd6fds4gc373sgvjxteol0",
    "MAILGUN_WEBHOOK_SIGNING_KEY": "f4a1c2b3d5e6978869504132a1b2c3d4",
    "TWILIO_ACCOUNT_SID": "AC0123456789abcdef0123456789abcdef",
    "TWILIO_AUTH_TOKEN": "0123456789abcdef0123456789abcdef",
    "TWILIO_FROM_NUMBER": "+15005550006",
    "STRIPE_SECRET_KEY": "sk_live_51H8xYzAbCdEfGhIjKlMnOpQr",
    "STRIPE_WEBHOOK_SECRET": "whsec_9f8e7d6c5b4a39281706f5e4d3c2b1a0",
    "STRIPE_PUBLISHABLE_KEY": "pk_live_51H8xYzAbCdEfGhIjKlMnOpQr",
    "CLIO_CLIENT_ID": "aBcDeFgHiJkLmNoPqRsTuVwXyZ",
    "CLIO_CLIENT_SECRET": "ZyXwVuTsRqPoNmLkJiHgFeDcBa",
    "AWS_STORAGE_BUCKET_NAME": "smarterfirms-files",
}


@pytest.fixture
def production(monkeypatch):
    for name in Environment.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    for name, value in _STRONG.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setitem(Environment.model_config, "env_file", None)
    return monkeypatch


def test_a_complete_environment_starts(production):
    environment = read_environment()

    assert environment.is_deployed
    assert environment.allowed_hosts == ("app.smarterfirms.com", "api.smarterfirms.com")


@pytest.mark.parametrize("name", sorted(_STRONG.keys() - {"APP_ENV"}))
def test_a_missing_variable_is_named(production, name):
    production.delenv(name)

    with pytest.raises(SettingsRefused, match=f"{name} "):
        read_environment()


@pytest.mark.parametrize("name", ["DJANGO_SECRET_KEY", "JWT_SECRET", "JWT_REFRESH_SECRET"])
@pytest.mark.parametrize("value", ["short", "a" * 64])
def test_a_weak_secret_is_named(production, name, value):
    production.setenv(name, value)

    with pytest.raises(SettingsRefused, match=f"{name} is weak"):
        read_environment()


@pytest.mark.parametrize("name", ["JWT_SECRET", "TWILIO_AUTH_TOKEN", "STRIPE_SECRET_KEY"])
def test_the_examples_placeholder_is_refused(production, name):
    production.setenv(name, f"your-{name.lower()}-that-is-long-enough-to-pass")

    with pytest.raises(SettingsRefused, match=f"{name} is still the placeholder"):
        read_environment()


def test_one_secret_for_two_purposes_is_refused(production):
    production.setenv("JWT_REFRESH_SECRET", _STRONG["JWT_SECRET"])

    with pytest.raises(SettingsRefused, match="must all be different"):
        read_environment()


def test_plain_http_is_refused_in_production(production):
    production.setenv("CLIO_US_HOST", "http://127.0.0.1:8801")

    with pytest.raises(SettingsRefused, match="CLIO_US_HOST must begin with https"):
        read_environment()


def test_a_refusal_names_every_fault_at_once(production):
    production.delenv("REDIS_URL")
    production.setenv("JWT_SECRET", "short")

    with pytest.raises(SettingsRefused) as refused:
        read_environment()

    assert "REDIS_URL is missing" in str(refused.value)
    assert "JWT_SECRET is weak" in str(refused.value)


def test_a_value_of_the_wrong_type_is_named(production):
    production.setenv("CLIO_REQUESTS_PER_MINUTE", "many")

    with pytest.raises(SettingsRefused, match="CLIO_REQUESTS_PER_MINUTE"):
        read_environment()


def test_development_needs_nothing(production):
    for name in _STRONG:
        production.delenv(name)

    environment = read_environment()

    assert not environment.is_deployed


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            "postgresql://username:password@localhost:5432/smarterfirms?schema=public",
            {"NAME": "smarterfirms", "USER": "username", "PASSWORD": "password", "HOST": "localhost", "PORT": "5432"},
        ),
        (
            "postgres://u%40x:p%2Fw%3F@db/books?schema=public&connection_limit=5&sslmode=require",
            {"USER": "u@x", "PASSWORD": "p/w?", "OPTIONS": {"sslmode": "require"}},
        ),
        ("postgresql://app@/books?host=/var/run/postgresql", {"HOST": "/var/run/postgresql", "PORT": ""}),
    ],
)
def test_understands_database_addresses(url, expected):
    database = database_from_url(url)

    assert {name: database[name] for name in expected} == expected
    assert database["ATOMIC_REQUESTS"] is False


@pytest.mark.parametrize(
    "url",
    [
        "mysql://u@h/db",
        "postgresql://host-only",
        "nonsense",
        "postgresql://u:Se/cret@h/db",
        "postgresql://u@h/d?schema=x",
    ],
)
def test_refuses_other_addresses_by_the_variables_name(url):
    with pytest.raises(ValueError, match="DATABASE_URL") as refused:
        database_from_url(url)

    assert "cret" not in str(refused.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [("ENCRYPTION_KEYS", "k3yThatIsLongEnoughButNoFernetKeyAtAll"), ("ALLOWED_HOSTS", "*"), ("LOG_LEVEL", "noise")],
)
def test_what_would_fail_or_open_later_is_refused_at_the_start(production, name, value):
    production.setenv(name, value)

    with pytest.raises(SettingsRefused, match=name):
        read_environment()


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("REDIS_URL", "redis+cluster://cache:6379", "REDIS_URL serves Celery's broker too"),
        ("REDIS_URL", "http://cache:6379", "REDIS_URL must begin with"),
        ("CELERY_BROKER_URL", "rediss+cluster://cache:6379", "CELERY_BROKER_URL: Celery's broker cannot be"),
        ("CELERY_BROKER_URL", "amqp://broker", "CELERY_BROKER_URL must begin with"),
        ("CACHE_URL", "memcached://cache", "CACHE_URL must begin with"),
        ("DATABASE_URL", "postgresql://app@pool:6432/smarterfirms?pgbouncer=true", "DATABASE_OWNER_URL is missing"),
        ("DATABASE_OWNER_URL", "postgresql://owner@pool:6432/smarterfirms?pgbouncer=true", "must lead to PostgreSQL"),
    ],
)
def test_a_server_that_cannot_serve_its_role_is_refused_at_the_start(production, name, value, sentence):
    production.setenv(name, value)

    with pytest.raises(SettingsRefused, match=sentence):
        read_environment()


def test_the_cache_may_be_a_cluster_and_the_database_behind_pgbouncer(production):
    production.setenv("CACHE_URL", "rediss+cluster://:secret@cache.internal:6379")
    production.setenv("DATABASE_URL", "postgresql://app@pool:6432/smarterfirms?schema=public&pgbouncer=true")
    production.setenv("DATABASE_OWNER_URL", "postgresql://owner@db.internal:5432/smarterfirms")

    assert read_environment().cache_url.startswith("rediss+cluster://")


@pytest.mark.parametrize(
    ("ours", "celerys"),
    [
        ("unix:///run/redis.sock?db=3", "redis+socket:///run/redis.sock?virtual_host=3"),
        ("unix:///run/redis.sock", "redis+socket:///run/redis.sock"),
        ("unix://worker@/run/r.sock?db=1&password=a%2Fb", "redis+socket://worker:a%2Fb@/run/r.sock?virtual_host=1"),
        ("rediss://:secret@broker:6379/0", "rediss://:secret@broker:6379/0"),
        ("redis+socket:///run/redis.sock?virtual_host=3", "redis+socket:///run/redis.sock?virtual_host=3"),
    ],
)
def test_a_redis_address_in_celerys_spelling(ours, celerys):
    assert celery_broker_url(ours) == celerys


@pytest.mark.django_db  # the first look at the database starts the servers
def test_celery_reaches_a_socket_named_in_the_environment(settings):
    """In a process of its own: Celery itself reads CELERY_BROKER_URL, and knows no `unix://`."""
    address = f"{settings.REDIS_URL.partition('?')[0]}?db=15"
    script = (
        "from smarterfirms.celery import app\n"
        "with app.connection_for_write() as broker:\n"
        "    broker.ensure_connection(max_retries=1, timeout=5)\n"
        "    known = broker.default_channel.client.connection_pool.connection_kwargs\n"
        "    print(known['path'], known['db'])\n"
    )

    told = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "CELERY_BROKER_URL": address, "LOG_LEVEL": "ERROR"},
        cwd=BASE_DIR,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )

    assert told.stdout.split() == [address.removeprefix("unix://").partition("?")[0], "15"], told.stderr
