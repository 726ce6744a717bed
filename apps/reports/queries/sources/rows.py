"""Rows of the ledger by dimension: the joins a question needs, its keys, filters and scope as SQL."""

# ruff: noqa: S608 - statements are put together from constants of this package; every value is a parameter

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from apps.core.scope import Scope
from apps.reports.contracts import Dimension, Measure
from apps.reports.queries.scoping import MATTER_JOIN, RowTest, matters_in, rows_in
from apps.reports.queries.sources.reading import BUCKET, OTHERS, Level, Reading, RowKey

_PERSON_JOIN = "LEFT JOIN reports_person p ON p.firm_id = r.firm_id AND p.timekeeper_id = {timekeeper}"
_OF_OTHERS = f"'{OTHERS}'"
_COMPANY_JOIN = (
    "LEFT JOIN reports_name cc ON cc.firm_id = r.firm_id AND cc.kind = 'contact' AND cc.record_id = {client}"
)
# What is divided before it is added up: the database cuts a quotient off at the digits it was given, which would tell
# in an exact half of the sum.
EXACT = "numeric(60, 30)"
_CATEGORY_JOIN = "LEFT JOIN reports_category cat ON cat.firm_id = r.firm_id AND cat.category_id = {category}"
_OF_CATEGORY: Mapping[Dimension | RowKey, str] = {
    Dimension.UTBMS_TASK: "cat.utbms_task_id",
    Dimension.UTBMS_ACTIVITY: "cat.utbms_activity_id",
}
# The span of the matter that holds the row's own day; one has no start and one no end.
_SPAN_JOIN = (
    "LEFT JOIN reports_matter_span st ON st.firm_id = r.firm_id AND st.matter_id = {matter} "
    "AND coalesce(st.starts_on, '-infinity') <= {day} AND coalesce(st.ends_before, 'infinity') > {day}"
)
AT_EVENT: Mapping[Dimension | RowKey, str] = {
    Dimension.PRACTICE_AREA: "st.practice_area_id",
    Dimension.RESPONSIBLE: "st.responsible_id",
    Dimension.ORIGINATING: "st.originating_id",
    Dimension.GROUP: "st.group_id",
}
_NEVER_NULL = frozenset({"r.activity_id", "r.line_id", "r.allocation_id", "r.interest_charge_id", "r.transaction_id"})
_TEXT_KEYS = frozenset(
    {
        Dimension.ROLE,
        Dimension.STATUS,
        Dimension.BILLING_METHOD,
        Dimension.FEE_EXPENSE,
        Dimension.METHOD,
        Dimension.COST_KIND,
        Dimension.CURRENCY,
        RowKey.PART,
    }
)
_OF_MATTER: Mapping[Dimension | RowKey, str] = {
    Dimension.PRACTICE_AREA: "m.practice_area_id",
    Dimension.RESPONSIBLE: "m.responsible_id",
    Dimension.ORIGINATING: "m.originating_id",
    Dimension.GROUP: "m.group_id",
    Dimension.STAGE: "m.stage_id",
    Dimension.STATUS: "m.status",
    # Clio's default billing method is hourly, so none means hourly.
    Dimension.BILLING_METHOD: "coalesce(m.billing_method, 'hourly')",
}


def key_type(dimension: Dimension | RowKey) -> str:
    """Return the SQL type of a dimension's values."""
    return "text" if dimension in _TEXT_KEYS else "bigint"


@dataclass(frozen=True, slots=True)
class RowShape:
    """How a source's rows, called `r`, carry the dimensions: the SQL of each it has. Others are NULL in its rows.

    An empty expression means that the rows know no such thing. of_matters: the rows stand for matters, and count where
    the matter is in scope as one; if they have a timekeeper too, both must be in scope. by_itself: the test of a single
    row, where a sum reaches further than its reader sees records: a budget's, or what somebody is credited with. Rows
    that fail it are told as one. fee: the test of a row whose money is the price of somebody's time; without the
    permission for rates those of others are told by bill, entries by matter. day: the SQL of a row's own date; with
    one, attributes can be told as they were on it.
    """

    timekeeper: str = "r.timekeeper_id"
    matter: str = "r.matter_id"
    payer: str = ""
    currency: str = "r.currency"
    of_matters: bool = False
    own: Mapping[Dimension | RowKey, str] | None = None
    by_itself: Callable[[Scope], RowTest] | None = None
    fee: str = ""
    day: str = ""

    def without_rows(self) -> "RowShape":
        """Return the shape of what is made of several rows each, none of which is a row of its own."""
        own: dict[Dimension | RowKey, str] = {
            key: expression for key, expression in (self.own or {}).items() if not isinstance(key, RowKey)
        }
        return replace(self, own=own)

    def expression(self, dimension: Dimension | RowKey) -> str:
        """Return the SQL of a dimension, NULL where the rows have none."""
        own = self.own or {}
        if dimension in _OF_CATEGORY and Dimension.CATEGORY in own:
            return _OF_CATEGORY[dimension]
        found = own.get(dimension) or self._common().get(dimension) or _OF_MATTER.get(dimension)
        return found or f"NULL::{key_type(dimension)}"

    def _company(self) -> str:
        return f"coalesce(cc.company_id, {self.client()})"

    def client(self) -> str:
        """Return the SQL of the rows' client."""
        return (self.own or {}).get(Dimension.CLIENT) or (
            f"coalesce(m.client_id, {self.payer})" if self.payer else "m.client_id"
        )

    def _common(self) -> dict[Dimension | RowKey, str]:
        return {
            Dimension.TIMEKEEPER: self.timekeeper,
            Dimension.ROLE: "p.role" if self.timekeeper else "",
            Dimension.MATTER: self.matter,
            Dimension.CLIENT: self.client(),
            Dimension.COMPANY: self._company(),
            Dimension.PAYER: self.payer,
            Dimension.CURRENCY: self.currency,
        }


@dataclass(frozen=True, slots=True)
class ChosenRows:
    """The joins, the condition and the keys of a reading over one source, with the values they name."""

    joins: str
    condition: str
    keys: tuple[str, ...]
    values: Mapping[str, Any]

    @property
    def selected(self) -> str:
        """Return the keys as a list of columns `k0, k1`, with a comma behind."""
        return "".join(f"{expression} AS k{position}, " for position, expression in enumerate(self.keys))

    @property
    def grouped(self) -> str:
        """Return the keys for GROUP BY, with a comma behind."""
        return "".join(f"{expression}, " for expression in self.keys if not expression.startswith("NULL::"))


def choose_rows(reading: Reading, shape: RowShape, test: RowTest | None = None) -> ChosenRows:
    """Return what picks the reading's rows of a source and names their keys. test: of the scope, if a special one."""
    test = test or _test(reading.scope, shape)
    told = AT_EVENT if reading.at_event and shape.day else {}
    keys, seen = _keys(reading, shape, told)
    conditions, values = [test.condition], {**test.values, **seen}
    for position, (dimension, admitted) in enumerate(reading.filters.items()):
        name = f"{reading.prefix}filter{position}"
        expression = told.get(dimension) or shape.expression(dimension)
        conditions.append(_admits(expression, dimension, name, none_too=None in admitted))
        values[name] = [value for value in admitted if value is not None]
    if reading.currency is not None and shape.currency:
        conditions.append(f"{shape.currency} = {reading.value('currency')}")
    if reading.only_rows is not None:
        conditions.append(f"{row_id_of(reading, keys)} = ANY({reading.value('only_rows')}::bigint[])")
        values[f"{reading.prefix}only_rows"] = list(reading.only_rows)
    needed = " ".join([test.join, *keys, *conditions])
    joins = [MATTER_JOIN] if re.search(r"\bm\.", needed) else []
    joins += [company_join(shape)] if re.search(r"\bcc\.", needed) else []
    joins += [_PERSON_JOIN.format(timekeeper=shape.timekeeper)] if "p.role" in needed else []
    joins += [_SPAN_JOIN.format(matter=shape.matter, day=shape.day)] if re.search(r"\bst\.", needed) else []
    category = shape.expression(Dimension.CATEGORY)
    joins += [_CATEGORY_JOIN.format(category=category)] if re.search(r"\bcat\.", needed) else []
    return ChosenRows(" ".join(joins), " AND ".join(conditions), keys, {**values, **reading.values()})


def row_id_of(reading: Reading, keys: Sequence[str]) -> str:
    """Return the SQL of what rows are told apart by, 0 where there is none; plain where an index may know it."""
    row_id = keys[reading.dimensions.index(RowKey.ID)]
    return row_id if row_id in _NEVER_NULL else f"coalesce({row_id}, 0)"


def company_join(shape: RowShape) -> str:
    """Return the join that tells the company of the rows' client."""
    return _COMPANY_JOIN.format(client=shape.client())


def _keys(
    reading: Reading, shape: RowShape, told: Mapping[Dimension | RowKey, str]
) -> tuple[tuple[str, ...], Mapping[str, Any]]:
    """Return the SQL of the keys, and its values; rows not told one by one have the key of what they are told in."""
    keys = [told.get(dimension) or shape.expression(dimension) for dimension in reading.dimensions]
    places = [place for place, dimension in enumerate(reading.dimensions) if isinstance(dimension, RowKey)]
    together, values = _told_together(reading, shape) if RowKey.ID in reading.dimensions else ([], {})
    for place in places if together else ():
        is_id = reading.dimensions[place] is RowKey.ID
        cases = " ".join(f"WHEN {rows} THEN {its_id if is_id else _OF_OTHERS}" for rows, its_id in together)
        keys[place] = f"CASE {cases} ELSE {keys[place]} END"
    return tuple(keys), values


def _told_together(reading: Reading, shape: RowShape) -> tuple[list[tuple[str, str]], Mapping[str, Any]]:
    """Return conditions of rows that are not told one by one, each with the id of what they are told in, and values."""
    together, values = [], dict[str, Any]()
    if shape.by_itself is not None and not reading.scope.is_whole_firm:
        test = shape.by_itself(reading.scope)
        together.append((f"({test.condition}) IS NOT TRUE", "0"))
        values |= test.values
    if shape.fee and not reading.tells_prices:
        entries = shape.expression(RowKey.ID) == "r.activity_id"
        their_id = f"coalesce({'r.matter_id' if entries else 'r.bill_id'}, 0)"
        together.append((f"({shape.fee}) AND r.timekeeper_id IS DISTINCT FROM %(reader_id)s", their_id))
        values["reader_id"] = reading.scope.clio_user_id or 0
    return together, values


def _test(scope: Scope, shape: RowShape) -> RowTest:
    row = rows_in(scope, timekeeper=shape.timekeeper or "NULL::bigint", payer=shape.payer)
    if not shape.of_matters:
        return row
    matter = matters_in(scope, payer="" if shape.timekeeper else shape.payer)
    if not shape.timekeeper:
        return matter
    return RowTest(f"{row.condition} AND {matter.condition}", row.join, {**row.values, **matter.values})


def _admits(expression: str, dimension: Dimension, name: str, *, none_too: bool) -> str:
    listed = f"{expression} = ANY(%({name})s::{key_type(dimension)}[])"
    return f"({listed} OR {expression} IS NULL)" if none_too else listed


def listed_measures(measures: Iterable[Measure]) -> str:
    """Return the measures as a list of columns."""
    return ", ".join(f"{measure.expression} AS {measure.key}" for measure in measures)


def grouping_sets(reading: Reading) -> tuple[str, str]:
    """Return the SQL of the level's number, and of the GROUP BY that makes every level of the reading in one pass."""
    keys = reading.keys
    if not keys:
        return "0", ""
    sets = ", ".join(f"({', '.join(level)})" for level in reading.levels)
    return level_number(keys, enumerate(reading.levels)), f"GROUP BY GROUPING SETS ({sets})"


def level_number(keys: list[str], levels: Iterable[tuple[int, Level]]) -> str:
    """Return the SQL that tells the place of a grouping set's level, by the keys there are and which of them it has."""
    cases = [f"WHEN {_mask(keys, level)} THEN {place}" for place, level in levels]
    return f"CASE GROUPING({', '.join(keys)}) {' '.join(cases)} END"


def _mask(keys: list[str], level: Level) -> int:
    return sum(1 << (len(keys) - 1 - place) for place, key in enumerate(keys) if key not in level)


def by_levels(reading: Reading, rows: Callable[[Level], str], sums: str) -> str:
    """Return the levels one by one, for sources whose rows depend on the level. rows: the query of a level's rows."""
    parts = []
    for place, level in enumerate(reading.levels):
        listed = "".join(f"{key if key in level else _no_key(reading, key)} AS {key}, " for key in reading.keys)
        group = f"GROUP BY {', '.join(level)}" if level else ""
        parts.append(f"SELECT {place} AS level, {listed}{sums} FROM ({rows(level)}) r {group}")
    return " UNION ALL ".join(parts)


def beside_rows(level: Level, reading: Reading) -> list[str]:
    """Return the keys of a level without those of single rows: what rows are set beside one another within."""
    rows = {f"k{place}" for place, dimension in enumerate(reading.dimensions) if isinstance(dimension, RowKey)}
    return [key for key in level if key not in rows]


def _no_key(reading: Reading, key: str) -> str:
    return "NULL::date" if key == BUCKET else f"NULL::{key_type(reading.dimensions[int(key[1:])])}"
