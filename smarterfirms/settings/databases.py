"""Turn a database address, Prisma's style included, into Django's settings."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from smarterfirms.embedded.places import Places

OWNER_ROLE = "smarterfirms_owner"
APPLICATION_ROLE = "smarterfirms_app"
_SCHEMES = ("postgresql", "postgres")
# Prisma's own parameters: `schema` becomes the search path, the pool's are not ours to follow.
_PRISMA_ONLY = ("connection_limit", "pool_timeout", "pgbouncer", "statement_cache_size", "socket_timeout")


def database_from_url(url: str) -> dict[str, Any]:
    """Return Django's database settings for `postgresql://user:password@host:port/name?schema=public&sslmode=...`.

    `schema` sets the search path; libpq's own parameters are passed on. Raises ValueError with the variable's name.
    """
    parts = urlsplit(url)
    if parts.scheme not in _SCHEMES or not parts.path.strip("/"):
        raise ValueError("DATABASE_URL: expected postgresql://user:password@host:port/database?schema=public")
    parameters = dict(parse_qsl(parts.query))
    schema = parameters.pop("schema", "public")
    options = {name: value for name, value in parameters.items() if name not in _PRISMA_ONLY}
    host = options.pop("host", unquote(parts.hostname or ""))
    if schema != "public":
        options["options"] = f"-c search_path={schema}"
    return _settings(
        ENGINE="django.db.backends.postgresql",
        NAME=unquote(parts.path.lstrip("/")),
        USER=unquote(parts.username or ""),
        PASSWORD=unquote(parts.password or ""),
        HOST=host,
        PORT=str(parts.port or ""),
        OPTIONS=options,
    )


def with_role(database: dict[str, Any], role: str) -> dict[str, Any]:
    """Return the same settings, except that every connection takes on a role once it is open."""
    return {**database, "OPTIONS": {**database["OPTIONS"], "assume_role": role}}


def embedded_database(var: Path) -> dict[str, Any]:
    """Return Django's settings for the checkout's own server; it starts at the first connection."""
    return _settings(
        ENGINE="smarterfirms.embedded.backend",
        NAME="smarterfirms",
        USER=APPLICATION_ROLE,
        PASSWORD="",
        HOST=str(Places(var).sockets),
        PORT="",
        OPTIONS={},
    )


def _settings(**values: Any) -> dict[str, Any]:
    return {
        **values,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": True,  # production speaks through PgBouncer in transaction mode
        "ATOMIC_REQUESTS": False,  # only core.tenant() opens a firm's transaction
    }
