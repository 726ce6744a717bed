"""Sources summed from the beginning of the records to a day: the period's end, with a grain the end of each piece."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from apps.reports.contracts import Measure
from apps.reports.queries.sources.as_of import points_of, rows_of
from apps.reports.queries.sources.dated import OF_ENTRIES, OF_MONEY, OF_SHARES, OF_TRUST, TRUST_COLUMNS, used
from apps.reports.queries.sources.reading import Piece, Reading
from apps.reports.queries.sources.rows import RowShape, by_levels, choose_rows, listed_measures

# All of history is read, so rows are added up by what they carry themselves before anything is joined to them, then by
# key and piece; a piece's figure is the sum of all pieces up to it.
_SUMS = """
WITH points AS (
    SELECT * FROM unnest({buckets}::date[], {days}::date[]) WITH ORDINALITY AS point(bucket, day, place)
), summed AS MATERIALIZED (
    SELECT {keys}r.place, {kinds_again}{columns_again}sum(r.entries) AS entries
    FROM (
        SELECT {carried}width_bucket(r.{placed_on} - 1, {days}::date[]) + 1 AS place,
               {kinds}{columns}count(*) AS entries
        FROM {table} r
        WHERE r.firm_id = %(firm)s AND r.{placed_on} <= {last} AND {extra}
        GROUP BY {carried}{grouped_kinds}width_bucket(r.{placed_on} - 1, {days}::date[])
    ) r {joins}
    WHERE {condition}
    GROUP BY {grouped}{kinds_again}r.place
), placed AS (
    SELECT summed.*, points.bucket, points.day FROM summed JOIN points ON points.place >= summed.place
)
{levels}
"""


@dataclass(frozen=True, slots=True)
class ToDateSource:
    """A table and the column that places its rows; the kinds its measures tell apart and the columns they add up."""

    table: str
    placed_on: str
    kinds: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)
    shape: RowShape = field(default_factory=RowShape)
    extra: str = "true"

    def piece(self, reading: Reading, measures: Sequence[Measure]) -> Piece:
        """Return the statement of the measures' sums."""
        chosen = choose_rows(reading, self.shape)
        kinds, columns = used(self.kinds, measures), used(self.columns, measures)
        buckets, days = points_of(reading)
        named = set(re.findall(r"\br\.\w+", " ".join([chosen.joins, chosen.condition, *chosen.keys])))
        carried = sorted(named - {expression for name, expression in kinds.items() if expression == f"r.{name}"})
        text = _SUMS.format(
            buckets=reading.value("buckets"),
            days=reading.value("days"),
            keys=chosen.selected,
            placed_on=self.placed_on,
            carried="".join(f"{column}, " for column in carried),
            kinds_again="".join(f"r.{name}, " for name in kinds),
            columns_again="".join(f"sum(r.{name}) AS {name}, " for name in columns),
            grouped_kinds="".join(f"{expression}, " for expression in kinds.values()),
            kinds="".join(f"{expression} AS {name}, " for name, expression in kinds.items()),
            columns="".join(f"sum({expression}) AS {name}, " for name, expression in columns.items()),
            table=self.table,
            joins=chosen.joins,
            last=reading.value("last"),
            extra=self.extra,
            condition=chosen.condition,
            grouped=chosen.grouped,
            levels=by_levels(
                reading,
                lambda level: rows_of(level, reading),
                listed_measures(measures),
            ),
        )
        more = {f"{reading.prefix}buckets": buckets, f"{reading.prefix}days": days}
        return Piece(text, {**chosen.values, **more})


TIME_TO_DATE = ToDateSource(
    "reports_time",
    "worked_on",
    {"is_hidden": "(r.seconds IS NULL)"},
    {"seconds": "r.seconds"},
    RowShape(currency="", own=OF_ENTRIES),
    extra="r.matter_id IS NOT NULL",
)
# Fees that came in on matters.
SETTLED_TO_DATE = ToDateSource(
    "reports_settle",
    "settled_on",
    columns={"net": "r.net"},
    shape=RowShape(payer="r.payer_id", own=OF_SHARES),
    extra="r.kind = 'payment' AND r.item = 'fee' AND r.matter_id IS NOT NULL",
)
# All that came in (K15), ever.
COLLECTED_TO_DATE = ToDateSource(
    "reports_settle",
    "settled_on",
    columns={"net": "r.net"},
    shape=OF_MONEY,
    extra="r.kind = 'payment' AND r.item IN ('fee', 'expense', 'unreconciled')",
)
# What is held in trust on the day.
TRUST = ToDateSource("reports_trust", "moved_on", columns=TRUST_COLUMNS, shape=OF_TRUST)
