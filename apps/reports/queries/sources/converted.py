"""Money of all currencies as one (R11): a source read over its tables with every amount at the rate of its row's day.

The tables a source reads are put before its statement under their own names, converted. So every measure stays the one
formula, over amounts in minor units of the one currency, exact: rates are kept pair by pair, none is turned around.
"""

# ruff: noqa: S608 - statements are put together from constants of this package; every value is a parameter

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Model

from apps.core.money import UNUSUAL_MINOR_DIGITS, minor_digits
from apps.reports import models
from apps.reports.contracts import Dimension, Measure, Source
from apps.reports.queries.sources import READABLE, Readable
from apps.reports.queries.sources.dated import DatedSource
from apps.reports.queries.sources.reading import Piece, Reading, RowKey, Stage
from apps.reports.queries.sources.to_date import ToDateSource

AMOUNTS: Mapping[type[Model], frozenset[str]] = {
    models.LedgerTime: frozenset({"value", "standard"}),
    models.LedgerExpense: frozenset({"value"}),
    models.LedgerBill: frozenset({"principal", "unreconciled"}),
    models.LedgerLine: frozenset(
        {"gross", "line_discount", "bill_discount", "rounding", "net", "tax", "secondary_tax", "worked"}
        | {"owed_net", "owed_tax", "owed_secondary_tax"}
    ),
    models.LedgerSettlement: frozenset({"net", "tax", "secondary_tax"}),
    models.LedgerInterest: frozenset({"amount"}),
    models.LedgerOwed: frozenset(
        {"balance", "amount", "tax", "interest", "fees", "expenses", "unreconciled", "credit"}
    ),
    models.LedgerTrust: frozenset({"amount"}),
    models.LedgerTrustRequest: frozenset({"amount"}),
}
"""The columns of the ledger's tables that are money in the row's own currency."""
_FIRMS_CURRENCY = "(SELECT s.currency FROM reports_ledger_state s WHERE s.firm_id = %(firm)s)"


@dataclass(frozen=True, slots=True)
class _At:
    """A table, and the column of the day whose rate its amounts take. is_cost: they are in the firm's currency."""

    table: type[Model]
    day: str
    is_cost: bool = False


_ISSUED, _SETTLED = _At(models.LedgerLine, "issued_on"), _At(models.LedgerSettlement, "settled_on")
_COHORT, _SETTLED_WORK = _At(models.LedgerSettlement, "issued_on"), _At(models.LedgerSettlement, "worked_on")
_WORKED, _SPENT = _At(models.LedgerTime, "worked_on"), _At(models.LedgerExpense, "worked_on")
_COSTED = _At(models.LedgerTime, "worked_on", is_cost=True)
CONVERTIBLE: Mapping[Source, tuple[_At, ...]] = {
    Source.BILLED: (_ISSUED,),
    Source.BILLED_LINES: (_ISSUED,),
    Source.BILLED_YEAR: (_ISSUED,),
    Source.BILLED_12_MONTHS: (_ISSUED,),
    Source.CLIENTS_BILLED: (_ISSUED,),
    Source.CREDITED_BILLED: (_ISSUED,),
    Source.MATTERS_BILLED: (_ISSUED,),
    Source.MATTERS_BILLED_TO_DATE: (_ISSUED,),
    Source.INTEREST: (_At(models.LedgerInterest, "charged_on"),),
    Source.SETTLED: (_SETTLED,),
    Source.RECEIVED: (_SETTLED,),
    Source.PAYMENTS: (_SETTLED,),
    Source.SETTLED_TO_DATE: (_SETTLED,),
    Source.COLLECTED_TO_DATE: (_SETTLED,),
    Source.COLLECTED_YEAR: (_SETTLED,),
    Source.COLLECTED_FISCAL_YEAR: (_SETTLED,),
    Source.COLLECTED_12_MONTHS: (_SETTLED,),
    Source.PAID_12_MONTHS: (_SETTLED,),
    Source.CLIENTS_COLLECTED: (_SETTLED,),
    Source.CLIENTS_IN_ORDER: (_SETTLED,),
    Source.MATTERS_COLLECTED: (_SETTLED,),
    Source.MATTERS_COLLECTED_TO_DATE: (_SETTLED,),
    Source.CREDITED: (_SETTLED,),
    Source.FEE_SHARES: (_SETTLED,),
    Source.CLOSED_MATTERS_FEES: (_SETTLED,),
    Source.COHORT: (_COHORT,),
    Source.COHORT_12_MONTHS: (_COHORT,),
    Source.UNBILLED: (_WORKED, _SPENT),
    Source.WORKED: (_WORKED,),
    Source.MATTERS_WORKED: (_WORKED,),
    Source.MATTERS_WORKED_TO_DATE: (_WORKED,),
    Source.WORK_BILLED: (_At(models.LedgerLine, "worked_on"),),
    Source.WORK_COLLECTED: (_SETTLED_WORK,),
    Source.EXPENSES: (_SPENT,),
    Source.MATTERS_SPENT: (_SPENT,),
    Source.MATTERS_SPENT_TO_DATE: (_SPENT,),
    Source.EXPENSES_RECOVERED: (_SETTLED_WORK,),
    Source.COSTED: (_COSTED,),
    Source.COSTED_TO_DATE: (_COSTED,),
    Source.RECEIVABLE: (_At(models.LedgerOwed, "issued_on"),),
    Source.PAID_UP: (_At(models.LedgerBill, "paid_up_on"),),
    Source.TRUST_MOVED: (_At(models.LedgerTrust, "moved_on"),),
    Source.TRUST_REQUESTED: (_At(models.LedgerTrustRequest, "issued_on"),),
}
"""The sources of money that can be converted, with the day each amount takes its rate of: the one that places it."""
WITHOUT_MONEY = frozenset(
    {
        Source.TIME,
        Source.TIME_TO_DATE,
        Source.CAPACITY,
        Source.UNTRACKED,
        Source.PERSON_DAYS,
        Source.RANKED,
        Source.TARGET_HOURS,
        Source.PLAN,
        Source.PLAN_TIME,
        Source.PLANNED_TIME,
        Source.PLANNED_MATTERS,
        Source.MATTERS,
        Source.MATTERS_OPENED,
        Source.MATTERS_CLOSED,
        Source.MATTERS_BROUGHT,
        Source.CREDITED_MATTERS,
        Source.STAGE_STAYS,
        Source.CLIENTS_KEPT,
        Source.COMING_CLIENTS,
        Source.DORMANT_CLIENTS,
    }
)
"""The sources that are the same in every currency."""
# A day each, so that rows find theirs by an equality. A pair's rate holds until its next one.
_EXCHANGE = """converted_exchange AS MATERIALIZED (
    SELECT k.currency, d.day::date AS day, k.since, k.rate, k.rate * k.scale AS factor
    FROM (SELECT currency, on_date AS since, rate,
                 lead(on_date) OVER (PARTITION BY currency ORDER BY on_date) AS next_on,
                 ('1e' || ({own_digits}::int - coalesce((%(converted_digits)s::jsonb ->> currency)::int, 2)))::numeric
                     AS scale
          FROM reports_exchange_rate WHERE firm_id = %(firm)s AND quote_currency = {into}) k
    CROSS JOIN LATERAL generate_series(k.since::timestamp, least(k.next_on - 1, {until})::timestamp,
                                       interval '1 day') d(day)
)"""
_TABLE = """{table} AS NOT MATERIALIZED (
    SELECT {columns}
    FROM {table} x LEFT JOIN converted_exchange c ON c.currency = {own} AND c.day = x.{day}
    WHERE x.firm_id = %(firm)s{only}
)"""
APART = "|"
"""What stands between the parts of what the stages beside FIGURES tell in the place of a currency."""
# UNRATED: currency and day; ORIGINALS: currency and, where it was converted, day, first day of the rate, and rate.
_CURRENCIES = {
    Stage.FIGURES: "CASE WHEN {own} = {into} OR c.factor IS NOT NULL THEN {into}::text END",
    Stage.UNRATED: f"concat({{own}}, '{APART}', CASE WHEN isfinite(x.{{day}}) THEN x.{{day}} END)",
    Stage.ORIGINALS: (
        "CASE WHEN {own} = {into} THEN {own} WHEN c.factor IS NOT NULL "
        f"THEN concat_ws('{APART}', {{own}}, x.{{day}}, c.since, c.rate) END"
    ),
}


def converted_piece(source: Source, reading: Reading, measures: Sequence[Measure]) -> Piece:
    """Return the statement of a source's sums with its money converted; rows without a rate are in none of them.

    The reading says by its stage what it is for; a source that has no money is read as ever. Raises KeyError of a
    source that cannot be converted: questions for one are refused before.
    """
    if source in WITHOUT_MONEY or reading.converting is None:
        return READABLE[source].piece(reading, measures)
    into = reading.value("converted_into")
    tables = [_EXCHANGE.format(into=into, own_digits=reading.value("converted_to_digits"), until=_until(reading))]
    tables += [_table(at, reading.converting.stage, into) for at in CONVERTIBLE[source]]
    piece = _by_row_currency(READABLE[source]).piece(replace(reading, has_facts=False), measures)
    values: dict[str, Any] = {
        "converted_into": reading.converting.into,
        "converted_to_digits": minor_digits(reading.converting.into),
    }
    named = {f"{reading.prefix}{name}": value for name, value in values.items()}
    shared = {"converted_digits": json.dumps(UNUSUAL_MINOR_DIGITS)}
    return Piece(f"WITH {', '.join(tables)} SELECT * FROM ({piece.text}) s", {**piece.values, **named, **shared})


def _until(reading: Reading) -> str:
    return f"greatest({reading.value('last')}::date, {reading.value('as_of')}::date)"


def _table(at: _At, stage: Stage, into: str) -> str:
    own = _FIRMS_CURRENCY if at.is_cost else "x.currency"
    amounts = frozenset({"cost"}) if at.is_cost else AMOUNTS[at.table]
    named = {"own": own, "into": into, "day": at.day}
    factor = f"CASE WHEN {own} = {into} THEN 1 ELSE c.factor END"
    made = {"currency": f"{_CURRENCIES[stage].format(**named)} AS currency"}
    if stage is Stage.FIGURES:
        made |= {name: f"x.{name} * {factor} AS {name}" for name in amounts}
    names = [field.column for field in at.table._meta.local_concrete_fields if field.column]
    return _TABLE.format(
        table=at.table._meta.db_table,
        columns=", ".join(made.get(name, f"x.{name}") for name in names),
        only=f" AND {own} <> {into} AND c.factor IS NULL" if stage is Stage.UNRATED else "",
        **named,
    )


def _by_row_currency(source: Readable) -> Readable:
    """Return a source whose rows are told apart by their own currency, also where cost is in the firm's."""
    if isinstance(source, DatedSource | ToDateSource) and source.shape.currency:
        return replace(source, shape=replace(source.shape, currency="r.currency"))
    return source


def staged(reading: Reading, stage: Stage, dimensions: tuple[Dimension | RowKey, ...]) -> Reading:
    """Return a converting reading by these dimensions, for rows of every currency, at another stage."""
    if reading.converting is None:
        raise ValueError("the reading converts nothing")
    return replace(reading, converting=replace(reading.converting, stage=stage), dimensions=dimensions, currency=None)
