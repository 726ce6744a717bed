"""What of a record leaves: fields that need a permission, people's names, and clients' names a firm hides."""

from collections.abc import Collection
from typing import Any

from apps.clio.queries.records.declaration import Field, Filter, Hides, Sort, Sought
from apps.core.access import Extra
from apps.core.client_names import shown_client_name, shown_made_up_name, shown_matter_name
from apps.core.scope import Scope

_STAND_INS = {Hides.CLIENT, Hides.MATTER, Hides.ACCOUNT}


def told_value(field: Field, *, source: str, scope: Scope, holds: Collection[Extra]) -> str:
    """Return the SQL of what is told of a field's value; `%(me)s` is the reader's own Clio user."""
    if field.needs is not None and field.needs not in holds:
        return f"CASE WHEN {field.unless} THEN {source} END" if field.unless else "NULL"
    if field.hides is Hides.PERSON and Extra.NAMES not in holds:
        source = f"CASE WHEN {field.of} = %(me)s THEN {source} END"
    if field.is_client and scope.hides_client_names:
        return f"CASE WHEN ({field.is_client}) IS NOT TRUE THEN {source} END"
    if field.nameless_sql and scope.hides_client_names:
        return field.nameless_sql
    if field.hides is Hides.CLIENTS_WORDS and scope.hides_client_names:
        return "NULL"
    return source


def needs_stand_in(field: Field, scope: Scope) -> bool:
    """Tell whether the value must be replaced by what stands for the client or the matter."""
    return scope.hides_client_names and field.hides in _STAND_INS


def stand_in(field: Field, *, scope: Scope, its_id: int | None, name: Any) -> str | None:
    """Return what is shown for a client's or a matter's name."""
    if name is None:
        return None
    if its_id is None:  # nobody knows whose name it is
        return None
    if field.hides is Hides.ACCOUNT:
        return shown_made_up_name(scope=scope, what="account", its_id=its_id, name=name)
    if field.hides is Hides.MATTER:
        return shown_matter_name(scope=scope, matter_id=its_id, name=name)
    return shown_client_name(scope=scope, client_id=its_id, name=name)


def may_use(way: Filter | Sort | Sought, *, scope: Scope, holds: Collection[Extra]) -> bool:
    """Tell whether a list may be narrowed, sorted or searched this way: what is hidden must not be found out by it."""
    if way.hides is None:
        return True
    return not scope.hides_client_names and (way.hides is not Hides.PERSON or Extra.NAMES in holds)
