"""Django system checks of the shared ground: `manage.py check` and `make check` run them."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connection
from django.urls import URLPattern, URLResolver, get_resolver

from apps.core.permissions import table

_NOT_API = ("admin/", "static/")


@register("permissions")
def every_route_is_in_the_permission_table(app_configs: Any, **_: Any) -> list[CheckMessage]:
    """A route without a row would be refused for everyone, and could not be tested for anyone."""
    return [
        Error(f"{path} ({name or 'without a name'}) has no row in the permission table.", id="core.E001")
        for name, path in list_routes(get_resolver().url_patterns)
        if name not in table.routes()
    ]


def list_routes(patterns: Sequence[URLPattern | URLResolver], prefix: str = "") -> list[tuple[str | None, str]]:
    """Return (name, path) of every address outside the admin."""
    routes: list[tuple[str | None, str]] = []
    for pattern in patterns:
        path = prefix + str(pattern.pattern)
        if path.startswith(_NOT_API):
            continue
        if isinstance(pattern, URLResolver):
            routes += list_routes(pattern.url_patterns, path)
        else:
            routes.append((pattern.name, path))
    return routes


@register(Tags.database)
def the_database_role_is_ordinary(app_configs: Any, databases: Any = None, **_: Any) -> list[CheckMessage]:
    """A superuser, or a role that bypasses row-level security, would see every firm."""
    if not databases:
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        row = cursor.fetchone()
    if row and row[0]:
        return [Error("The application's database role bypasses the tenant wall.", id="core.E002")]
    return []
