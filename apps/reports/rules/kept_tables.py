"""The tables a firm keeps, each declared once: the API, the files and the checks all follow these columns."""

from decimal import Decimal

from apps.core.access import Extra
from apps.reports.contracts.kept import CellKind, KeptColumn, KeptTable

HUNDRED = Decimal(100)
CREDIT_ROLES = ("originating", "responsible")


def _person(words: str = "Clio's id of the user") -> KeptColumn:
    return KeptColumn("timekeeper_id", CellKind.PERSON, words, is_key=True)


def _since(words: str) -> KeptColumn:
    return KeptColumn("starts_on", CellKind.DAY, words, is_key=True)


def _money(name: str, words: str, *, default: Decimal | None = None, is_pay: bool = False) -> KeptColumn:
    return KeptColumn(name, CellKind.NUMBER, words, is_required=default is None, default=default, is_pay=is_pay)


def _percent(name: str, words: str, *, above_zero: bool = False, default: Decimal | None = None) -> KeptColumn:
    return KeptColumn(
        name,
        CellKind.NUMBER,
        words,
        is_required=default is None,
        default=default,
        most=HUNDRED,
        places=4,
        above_zero=above_zero,
    )


TARGETS = KeptTable(
    "targets",
    "Targets",
    "What does the firm, a practice area or a person plan to reach in a month?",
    (
        KeptColumn("month", CellKind.MONTH, "the month, such as 2025-03", is_key=True),
        KeptColumn(
            "measure",
            CellKind.CHOICE,
            "what is planned; a person's hours are kept as target hours instead",
            is_key=True,
            choices=("hours", "billed", "collected", "new_matters"),
        ),
        KeptColumn("practice_area_id", CellKind.PRACTICE_AREA, "of this practice area", is_key=True, is_required=False),
        KeptColumn("timekeeper_id", CellKind.PERSON, "of this person", is_key=True, is_required=False),
        KeptColumn(
            "currency",
            CellKind.CURRENCY,
            "of billed and collected; the firm's if empty",
            is_key=True,
            is_required=False,
            default="",
        ),
        KeptColumn(
            "amount", CellKind.NUMBER, "hours, money or matters in the whole month", most=Decimal("999999999999.99")
        ),
    ),
    holds_from="month",
)
COST_RATES = KeptTable(
    "cost_rates",
    "Cost rates",
    "What does an hour of a person cost the firm?",
    (
        _person(),
        _since("the day from which it holds, until the person's next row"),
        _money("pay", "pay a year, in the firm's currency", is_pay=True),
        _money("benefits", "benefits a year", default=Decimal(0), is_pay=True),
        _money("overhead", "share of overhead a year", default=Decimal(0), is_pay=True),
        KeptColumn(
            "expected_hours", CellKind.NUMBER, "working hours expected a year", most=Decimal(8784), above_zero=True
        ),
    ),
    holds_from="starts_on",
    needs=Extra.COST_AND_PROFIT,
    rebuilds=True,
)
STANDARD_RATES = KeptTable(
    "standard_rates",
    "Standard rates",
    "What is the list price of a person's hour? Days before the first row take Clio's rate.",
    (
        _person(),
        _since("the day from which it holds, until the person's next row"),
        _money("rate", "an hour, in the currency of the entry it is applied to"),
    ),
    holds_from="starts_on",
    needs=Extra.RATES,
    rebuilds=True,
)
CREDIT_SPLITS = KeptTable(
    "credit_splits",
    "Origination and responsible credit",
    "Who shares the credit for a matter? Without a row it is the one attorney Clio names.",
    (
        KeptColumn("role", CellKind.CHOICE, "which credit", is_key=True, choices=CREDIT_ROLES),
        KeptColumn(
            "matter_id", CellKind.MATTER, "for this matter; wins over its client's", is_key=True, is_required=False
        ),
        KeptColumn("client_id", CellKind.CLIENT, "or for all matters of this client", is_key=True, is_required=False),
        _person(),
        _since("the first day it holds"),
        _percent("percent", "share; all that hold on a day add up to 100", above_zero=True),
        KeptColumn("ends_on", CellKind.DAY, "the last day of this division; empty: none yet", is_required=False),
        KeptColumn(
            "sunset_on",
            CellKind.DAY,
            "the last day this person is credited; later the share is nobody's",
            is_required=False,
        ),
    ),
    holds_from="starts_on",
    holds_to="ends_on",
)
FEE_SPLITS = KeptTable(
    "fee_splits",
    "Fee split",
    "How are collected fees shared between who worked, who originated and who is responsible?",
    (
        _since("the day from which it holds, until the next row"),
        _percent("worked", "share of who did the work"),
        _percent("originating", "share of who is credited with the origination", default=Decimal(0)),
        _percent("responsible", "share of who is credited as responsible", default=Decimal(0)),
    ),
    holds_from="starts_on",
    needs=Extra.COST_AND_PROFIT,
)
WORKING_TIMES = KeptTable(
    "working_times",
    "Working times",
    "How much does a person work? What is empty is the firm's, or by default.",
    (
        _person(),
        _since("the day from which it holds, until the person's next row"),
        KeptColumn(
            "fte",
            CellKind.NUMBER,
            "full-time equivalent, 0.5 for half-time, 0 for no capacity; empty: 1, and for a NonAttorney by entries",
            is_required=False,
            most=Decimal(2),
            places=4,
        ),
        KeptColumn(
            "daily_hours",
            CellKind.NUMBER,
            "hours of a working day",
            is_required=False,
            most=Decimal(24),
            above_zero=True,
        ),
        KeptColumn("working_days", CellKind.WEEKDAYS, "ISO weekdays, Monday is 1: `1 2 3 4`", is_required=False),
        KeptColumn("is_partner", CellKind.FLAG, "counts as a partner; empty: by Clio's job title", is_required=False),
    ),
    holds_from="starts_on",
    rebuilds=True,
)
EMPLOYMENTS = KeptTable(
    "employments",
    "Employment",
    "When did a person work here? Without a row it is told by Clio's records.",
    (
        _person(),
        _since("the first day"),
        KeptColumn("ends_on", CellKind.DAY, "the last day; empty: still here", is_required=False),
    ),
    holds_from="starts_on",
    holds_to="ends_on",
    rebuilds=True,
)
LEAVES = KeptTable(
    "leaves",
    "Leave",
    "When is a person away?",
    (
        _person(),
        _since("the first day away"),
        KeptColumn("ends_on", CellKind.DAY, "the last day away"),
        _percent("percent", "of each day; empty: all of it", above_zero=True, default=HUNDRED),
    ),
    holds_from="starts_on",
    holds_to="ends_on",
)
EXCHANGE_RATES = KeptTable(
    "exchange_rates",
    "Exchange rates",
    "What is one unit of a currency worth in another?",
    (
        KeptColumn("on_date", CellKind.DAY, "the day from which it holds, until the pair's next row", is_key=True),
        KeptColumn("currency", CellKind.CURRENCY, "one unit of this", is_key=True),
        KeptColumn("quote_currency", CellKind.CURRENCY, "is worth in this", is_key=True),
        KeptColumn("rate", CellKind.NUMBER, "so much", most=Decimal(10**9), places=10, above_zero=True),
    ),
    holds_from="on_date",
)
MERGED_TIMEKEEPERS = KeptTable(
    "merged_timekeepers",
    "Merged timekeepers",
    "Which Clio users are one person? The figures of both stand under the main one.",
    (
        _person("the user whose figures go to another: who was hired again, or has two accounts"),
        KeptColumn("main_timekeeper_id", CellKind.PERSON, "the user they stand under"),
    ),
    holds_from="",
    rebuilds=True,
)
MERGED_PRACTICE_AREAS = KeptTable(
    "merged_practice_areas",
    "Merged practice areas",
    "Which practice areas are one? The figures of both stand under the main one.",
    (
        KeptColumn("practice_area_id", CellKind.PRACTICE_AREA, "the one whose matters go to another", is_key=True),
        KeptColumn("main_practice_area_id", CellKind.PRACTICE_AREA, "the one they stand under"),
    ),
    holds_from="",
    rebuilds=True,
)
MERGES = (MERGED_TIMEKEEPERS, MERGED_PRACTICE_AREAS)
TABLES = (
    TARGETS,
    COST_RATES,
    STANDARD_RATES,
    CREDIT_SPLITS,
    FEE_SPLITS,
    WORKING_TIMES,
    EMPLOYMENTS,
    LEAVES,
    EXCHANGE_RATES,
    *MERGES,
)
BY_NAME = {table.name: table for table in TABLES}
