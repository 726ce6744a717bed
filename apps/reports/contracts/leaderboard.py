"""People ranked by a metric (kpis.md K47)."""

from dataclasses import dataclass
from decimal import Decimal

from apps.reports.contracts.conversion import Conversion
from apps.reports.contracts.overview import QualityFlag
from apps.reports.contracts.periods import Period
from apps.reports.contracts.sources import Unit


@dataclass(frozen=True, slots=True)
class LeaderboardQuestion:
    """item: of the metric; empty is its first. period: see rules/periods.py. currency: as a Query has it."""

    metric: str
    item: str = ""
    period: str = ""
    currency: str = ""


@dataclass(frozen=True, slots=True)
class LeaderboardRow:
    """A person's place. place: None has too few recorded hours, or no figure. timekeeper_id: None: nameless."""

    timekeeper_id: int | None
    label: str
    value: Decimal | None
    recorded_hours: Decimal
    place: int | None
    is_reader: bool


@dataclass(frozen=True, slots=True)
class Leaderboard:
    """status: as an overview's. ranked: people who have a place, also those whose rows the firm does not show; None:
    too few for a place to keep the others' figures from the reader.

    is_incomplete: Clio hides hours or money of somebody, or a rate to convert money by is missing; figures, or the
    hours it takes to be ranked, lack them. flags: which rates are missing.
    """

    status: str
    scope: str
    metric: str
    item: str
    title: str
    unit: Unit
    period: Period
    currency: str
    minimum_hours: Decimal
    ranked: int | None = 0
    rows: tuple[LeaderboardRow, ...] = ()
    is_incomplete: bool = False
    conversion: Conversion | None = None
    flags: tuple[QualityFlag, ...] = ()
