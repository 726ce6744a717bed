"""Turn a database address, Prisma's style included, into Django's settings."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from smarterfirms.embedded.places import Places

OWNER_ROLE = "smarterfirms_owner"
APPLICATION_ROLE = "smarterfirms_app"
_SCHEMES = ("postgresql", "postgres")
# Parameters of Prisma's pool, not ours to follow.
_PRISMA_ONLY = ("connection_limit", "pool_timeout", "pgbouncer", "statement_cache_size", "socket_timeout")


def database_from_url(url: str, variable: str = "DATABASE_URL") -> dict[str, Any]:
    """Return Django's database settings for `postgresql://user:password@host:port/name?schema=public&sslmode=...`.

    libpq's own parameters are passed on; the schema can only be public, which policies and functions name. Raises
    ValueError with the variable's name and nothing of its value.
    """
    parts = urlsplit(url)
    try:
        port = str(parts.port or "")
    except ValueError:
        port = None
    if parts.scheme not in _SCHEMES or not parts.path.strip("/") or port is None:
        raise ValueError(
            f"{variable}: expected postgresql://user:password@host:port/database?schema=public "
            "(percent-encode what is no letter or digit in user and password)"
        )
    parameters = dict(parse_qsl(parts.query))
    if parameters.pop("schema", "public") != "public":
        raise ValueError(f"{variable}: only schema=public is supported")
    options = {name: value for name, value in parameters.items() if name not in _PRISMA_ONLY}
    host = options.pop("host", unquote(parts.hostname or ""))
    return _settings(
        ENGINE="django.db.backends.postgresql",
        NAME=unquote(parts.path.lstrip("/")),
        USER=unquote(parts.username or ""),
        PASSWORD=unquote(parts.password or ""),
        HOST=host,
        PORT=port,
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
