"""The values of dimensions in words."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection

from apps.core.client_names import (
    shown_bill_number,
    shown_client_name,
    shown_made_up_name,
    shown_matter_name,
)
from apps.core.person_names import shown_person_name
from apps.core.scope import Scope
from apps.reports.contracts import Dimension, KeyValue

_PERSON = (
    "SELECT x.timekeeper_id AS id, x.name || CASE WHEN x.is_active THEN '' ELSE ' (inactive)' END AS label "
    "FROM reports_person x WHERE x.firm_id = %(firm)s"
)
_NAMED = (
    "SELECT x.record_id AS id, x.name AS label FROM reports_name x WHERE x.firm_id = %(firm)s AND x.kind = '{kind}'"
)
_CONTACT, _AREA = _NAMED.format(kind="contact"), _NAMED.format(kind="practice_area")


@dataclass(frozen=True, slots=True)
class _Names:
    """The query of all names of a dimension and the column it is looked up by."""

    query: str
    column: str


_OF_PEOPLE = frozenset({Dimension.TIMEKEEPER, Dimension.RESPONSIBLE, Dimension.ORIGINATING})
_OF_CLIENTS = frozenset({Dimension.CLIENT, Dimension.COMPANY, Dimension.PAYER, Dimension.MATTER})
# Made up by people of the firm, who may have named a client.
_MADE_UP = {Dimension.BANK_ACCOUNT: "account", Dimension.GROUP: "group", Dimension.BILL: "bill"}
_NAMES = {
    Dimension.TIMEKEEPER: _Names(_PERSON, "x.timekeeper_id"),
    Dimension.RESPONSIBLE: _Names(_PERSON, "x.timekeeper_id"),
    Dimension.ORIGINATING: _Names(_PERSON, "x.timekeeper_id"),
    Dimension.CLIENT: _Names(_CONTACT, "x.record_id"),
    Dimension.COMPANY: _Names(_CONTACT, "x.record_id"),
    Dimension.PAYER: _Names(_CONTACT, "x.record_id"),
    Dimension.PRACTICE_AREA: _Names(_AREA, "x.record_id"),
    Dimension.GROUP: _Names(_NAMED.format(kind="group"), "x.record_id"),
    Dimension.STAGE: _Names(_NAMED.format(kind="stage"), "x.record_id"),
    Dimension.BANK_ACCOUNT: _Names(_NAMED.format(kind="bank_account"), "x.record_id"),
    Dimension.MATTER: _Names(
        "SELECT x.matter_id AS id, x.name AS label FROM reports_matter x WHERE x.firm_id = %(firm)s", "x.matter_id"
    ),
    Dimension.CATEGORY: _Names(
        "SELECT x.category_id AS id, x.name AS label FROM reports_category x WHERE x.firm_id = %(firm)s",
        "x.category_id",
    ),
    Dimension.BILL: _Names(
        "SELECT x.bill_id AS id, coalesce(x.number, '') AS label FROM reports_bill x WHERE x.firm_id = %(firm)s",
        "x.bill_id",
    ),
}


def is_hidden(dimension: Dimension, *, scope: Scope, tells_people: bool) -> bool:
    """Tell whether names are kept from the reader: people's without the permission, clients' by the firm's wish."""
    if dimension in _OF_PEOPLE:
        return not tells_people
    return scope.hides_client_names and (dimension in _OF_CLIENTS or dimension in _MADE_UP)


def query_of_names(dimension: Dimension) -> str:
    """Return the SQL query of the `id` and `label` of a dimension's values, to sort by; empty where it has no names."""
    names = _NAMES.get(dimension)
    return names.query if names else ""


def label_keys(
    *, scope: Scope, dimension: Dimension, keys: Iterable[KeyValue], tells_people: bool
) -> dict[KeyValue, str]:
    """Return the names of a dimension's values; a value without a name is named by its id.

    tells_people: the reader may see colleagues' names; others see their own and stand-ins. Clients' names a firm hides
    are stood in for too.
    """
    wanted = {key for key in keys if key is not None}
    names = _NAMES.get(dimension)
    if names is None or not wanted:
        return {key: str(key).replace("_", " ") for key in wanted}
    with connection.cursor() as cursor:
        cursor.execute(
            f"{names.query} AND {names.column} = ANY(%(wanted)s::bigint[])",
            {"firm": scope.firm_id, "wanted": list(wanted)},
        )
        found: dict[KeyValue, str] = dict(cursor.fetchall())
    named: dict[KeyValue, str] = {key: found.get(key) or str(key) for key in wanted}
    if not is_hidden(dimension, scope=scope, tells_people=tells_people):
        return named
    return {key: _stand_in(dimension, scope, key, name) for key, name in named.items()}


def _stand_in(dimension: Dimension, scope: Scope, key: KeyValue, name: str) -> str:
    if not isinstance(key, int):
        return name
    if dimension is Dimension.BILL:
        return shown_bill_number(scope=scope, bill_id=key, number=name)
    if dimension in _MADE_UP:
        return shown_made_up_name(scope=scope, what=_MADE_UP[dimension], its_id=key, name=name)
    if dimension is Dimension.MATTER:
        return shown_matter_name(scope=scope, matter_id=key, name=name)
    if dimension in _OF_CLIENTS:
        return shown_client_name(scope=scope, client_id=key, name=name)
    return shown_person_name(scope=scope, clio_user_id=key, name=name, tells_people=False)
