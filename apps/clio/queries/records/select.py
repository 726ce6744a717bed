"""The statement's beginning: which fields are told to whom, from which rows."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from apps.clio.queries.records.declaration import Field, Kind, RecordKind, Sought
from apps.clio.queries.records.disclosure import may_use, needs_stand_in, stand_in, told_value
from apps.core.access import Extra
from apps.core.scope import Scope

# Money leaves as the text of a decimal, everything else that is a number as a number.
_AS = {Kind.MONEY: "({})::text", Kind.NUMBER: "({})::float8"}


@dataclass(frozen=True, slots=True)
class _Stand:
    """Where in a row a hidden name is, and where the id of what it names."""

    field: Field
    at: int
    id_at: int


@dataclass(frozen=True, slots=True)
class Selection:
    """A statement up to its conditions, and how its rows become records.

    head: SELECT and the fields. rows: the table, as `r`. source: what is joined to it. sought: where may be searched.
    values: of the scope's tests.
    """

    head: str
    rows: str
    source: str
    group: str
    conditions: list[str]
    values: dict[str, Any]
    sought: list[Sought]
    names: tuple[str, ...]
    documents: tuple[int, ...]
    put_stand_ins: Callable[[list[Any]], None]

    def tail(self, conditions: Sequence[str], having: Sequence[str] = ()) -> str:
        """Return the statement from FROM on, without an order. having: tests of records made of several rows."""
        over = f" HAVING {' AND '.join(having)}" if having else ""
        return f"FROM {self.rows} {self.source} WHERE {' AND '.join(conditions)} {self.group}{over}"

    def only(self, key: str, keys: Sequence[int]) -> "Selection":
        """Return the same over the rows with these keys: each is looked up, whatever order is asked for."""
        # `key` is a column of ours; the keys are a parameter.
        rows = f"""unnest(%(only)s::bigint[]) AS wanted (key) CROSS JOIN LATERAL (
            SELECT * FROM {self.rows} WHERE r.firm_id = %(firm)s AND {key} = wanted.key OFFSET 0) r"""  # noqa: S608
        return replace(self, rows=rows, values={**self.values, "only": list(keys)})

    def record(self, row: Sequence[Any]) -> dict[str, Any]:
        """Return a row as the record that leaves."""
        told = list(row)
        for at in self.documents:
            if told[at] is not None:
                told[at] = msgspec.Raw(told[at].encode())
        self.put_stand_ins(told)
        return dict(zip(self.names, told, strict=False))


def select_fields(
    kind: RecordKind, *, scope: Scope, holds: Collection[Extra], wanted: frozenset[str] | None
) -> Selection:
    """Return the statement of a kind's records as one person may see them. wanted: fields; the id comes too."""
    test = kind.scope(scope)
    fields = [each for each in kind.all_fields if wanted is None or each.name in wanted or each.name == "id"]
    columns = [
        _AS.get(each.kind, "{}").format(
            told_value(each, source=each.source(is_part=test.is_part), scope=scope, holds=holds)
        )
        for each in fields
    ]
    stands = []
    for at, each in enumerate(fields):
        if needs_stand_in(each, scope):
            stands.append(_Stand(each, at, len(columns)))
            columns.append(each.of)

    def put_stand_ins(row: list[Any]) -> None:
        for each in stands:
            row[each.at] = stand_in(each.field, scope=scope, its_id=row[each.id_at], name=row[each.at])

    return Selection(
        head=f"SELECT {', '.join(columns)}",
        rows=f"{kind.table} r",
        source=f"{kind.joins} {test.joins}",
        group=f"GROUP BY {kind.key}" if kind.is_grouped else "",
        conditions=["r.firm_id = %(firm)s", kind.condition, test.condition],
        values={"firm": scope.firm_id, "me": scope.clio_user_id, **test.values},
        sought=[each for each in kind.sought if may_use(each, scope=scope, holds=holds)],
        names=tuple(each.name for each in fields),
        documents=tuple(at for at, each in enumerate(fields) if each.kind is Kind.DOCUMENT),
        put_stand_ins=put_stand_ins,
    )
