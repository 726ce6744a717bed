"""Django system checks of the shared ground: `manage.py check` and `make check` run them."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connection
from django.urls import URLPattern, URLResolver, get_resolver

from apps.core.permissions import table

_NOT_API = ("admin/", "static/")
_METHODS = ("get", "post", "put", "patch", "delete")


@register("permissions")
def every_route_is_in_the_permission_table(app_configs: Any, **_: Any) -> list[CheckMessage]:
    """A route without a row would be refused for everyone, and could not be tested for anyone."""
    return [Error(fault, id="core.E001") for fault in find_faults(get_resolver().url_patterns)]


def find_faults(patterns: Sequence[URLPattern | URLResolver]) -> list[str]:
    """Return a sentence for every address without a row, and for every row whose methods are not the view's."""
    faults = []
    for path, pattern in _walk(patterns):
        row = table.routes().get(pattern.name or "")
        if row is None:
            faults.append(f"{path} ({pattern.name or 'without a name'}) has no row in the permission table.")
            continue
        handled, named = _handled(pattern.callback), sorted(row)
        if handled is not None and handled != named:
            faults.append(f"{path} ({pattern.name}) takes {handled}, its row in the permission table names {named}.")
    return faults


def list_routes(patterns: Sequence[URLPattern | URLResolver]) -> list[tuple[str | None, str]]:
    """Return (name, path) of every address outside the admin."""
    return [(pattern.name, path) for path, pattern in _walk(patterns)]


def _walk(patterns: Sequence[URLPattern | URLResolver], prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for pattern in patterns:
        path = prefix + str(pattern.pattern)
        if path.startswith(_NOT_API):
            continue
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, path)
        else:
            yield path, pattern


def _handled(callback: Any) -> list[str] | None:
    """Return the methods a view has handlers for, or None for a plain function."""
    view = getattr(callback, "cls", None) or getattr(callback, "view_class", None)
    if view is None:
        return None
    return sorted(name.upper() for name in _METHODS if hasattr(view, name) and name in view.http_method_names)


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
