"""What an address asks of a list: every parameter is known, given once and of its kind, or the answer names it."""

from collections.abc import Collection, Iterator
from typing import Any

from django.http import QueryDict

from apps.clio.api.records.cursors import read_position
from apps.clio.api.records.values import read_text, read_value
from apps.clio.queries.records.asked import Asked
from apps.clio.queries.records.declaration import Filter, RecordKind
from apps.clio.queries.records.disclosure import may_use
from apps.core.access import Extra
from apps.core.errors import FieldFault, InvalidInput
from apps.core.pages import LARGEST_PAGE, PAGE_SIZE
from apps.core.scope import Scope

_OF_ONE = ("fields", "include")


class _Faults:
    """Collects what is wrong, so that an answer names all of it."""

    def __init__(self) -> None:
        self.found: list[FieldFault] = []

    def add(self, name: str, detail: str) -> None:
        self.found.append(FieldFault(f"/{name}", detail))

    def raise_any(self) -> None:
        if self.found:
            raise InvalidInput("One or more parameters are not valid.", faults=tuple(self.found))


def read_asked(kind: RecordKind, query: QueryDict, *, scope: Scope, holds: Collection[Extra]) -> Asked:
    """Return a list as it was asked for. Raises InvalidInput, naming each parameter; InvalidCursor."""
    faults = _Faults()
    filters = {each.name: each for each in list_filters(kind, scope=scope, holds=holds)}
    search = ["search"] if any(may_use(each, scope=scope, holds=holds) for each in kind.sought) else []
    given = _given(query, {*filters, *search, *_OF_ONE, "sort", "cursor", "page_size"}, faults)
    values = dict(_values(filters, given, faults))
    fields, includes_gone = _fields(kind, given, faults), _includes_gone(given, faults)
    sort, is_descending = _sort(kind, given, values, scope=scope, holds=holds, faults=faults)
    size = _size(given, faults)
    words = _search(given, faults)
    faults.raise_any()
    text = given.get("cursor", "")
    return Asked(
        sort=sort,
        is_descending=is_descending,
        fields=fields,
        filters=values,
        search=words,
        includes_gone=includes_gone,
        position=read_position(kind, text, sort=sort, is_descending=is_descending) if text else None,
        size=size,
    )


def read_asked_of_one(kind: RecordKind, query: QueryDict) -> tuple[frozenset[str] | None, bool]:
    """Return the fields asked of a single record, and whether it may be gone. Raises InvalidInput."""
    faults = _Faults()
    given = _given(query, set(_OF_ONE), faults)
    fields, includes_gone = _fields(kind, given, faults), _includes_gone(given, faults)
    faults.raise_any()
    return fields, includes_gone


def list_filters(kind: RecordKind, *, scope: Scope, holds: Collection[Extra]) -> list[Filter]:
    """Return the filters that somebody may use."""
    return [each for each in (*kind.filters, kind.updated_since) if may_use(each, scope=scope, holds=holds)]


def _given(query: QueryDict, known: Collection[str], faults: _Faults) -> dict[str, str]:
    for name in query:
        if name not in known:
            faults.add(name, f"There is no such parameter here. Known are: {', '.join(sorted(known))}.")
        elif len(query.getlist(name)) > 1:
            faults.add(name, "Give it once.")
    return {name: str(query[name]) for name in query if name in known}


def _values(filters: dict[str, Filter], given: dict[str, str], faults: _Faults) -> Iterator[tuple[str, Any]]:
    for name in filters.keys() & given.keys():
        each = filters[name]
        if each.choices and given[name] not in each.choices:
            faults.add(name, f"One of {', '.join(each.choices)}.")
            continue
        try:
            yield name, read_value(each.kind, given[name])
        except ValueError as error:
            faults.add(name, str(error))


def _fields(kind: RecordKind, given: dict[str, str], faults: _Faults) -> frozenset[str] | None:
    if "fields" not in given:
        return None
    known = {each.name for each in kind.all_fields}
    wanted = frozenset(part.strip() for part in given["fields"].split(","))
    unknown = sorted(wanted - known)
    if unknown:
        named = ", ".join(f"`{name[:40]}`" for name in unknown[:5])
        faults.add("fields", f"There is no field {named}. Known are: {', '.join(sorted(known))}.")
    return wanted


def _includes_gone(given: dict[str, str], faults: _Faults) -> bool:
    if given.get("include", "gone") != "gone":
        faults.add("include", "Only `gone` can be included: records that are no longer in Clio.")
    return "include" in given


def _sort(
    kind: RecordKind,
    given: dict[str, str],
    filters: dict[str, Any],
    *,
    scope: Scope,
    holds: Collection[Extra],
    faults: _Faults,
) -> tuple[str, bool]:
    known = [each.name for each in kind.all_sorts if may_use(each, scope=scope, holds=holds)]
    usual = kind.follows_by if "updated_since" in filters else kind.default_sort
    wanted = given.get("sort", usual)
    name = wanted.removeprefix("-")
    if name not in known:
        faults.add("sort", f"One of {', '.join(known)}; with a minus sign before it the other way round.")
    return name, wanted.startswith("-")


def _size(given: dict[str, str], faults: _Faults) -> int:
    text = given.get("page_size", str(PAGE_SIZE))
    if not (text.isascii() and text.isdigit() and len(text) <= 3 and 1 <= int(text) <= LARGEST_PAGE):
        faults.add("page_size", f"A whole number from 1 to {LARGEST_PAGE}.")
        return PAGE_SIZE
    return int(text)


def _search(given: dict[str, str], faults: _Faults) -> str:
    if "search" not in given:
        return ""
    try:
        return read_text(given["search"])
    except ValueError as error:
        faults.add("search", str(error))
        return ""
