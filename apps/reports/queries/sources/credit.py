"""Credit for matters and the split of fees: money under who is credited with it, day by day (K37, K38)."""

# ruff: noqa: S608 - statements are put together from constants of this package; every value is a parameter

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Any

from apps.reports.contracts import Dimension, Measure
from apps.reports.queries.scoping import matters_in, rows_in
from apps.reports.queries.sources.apart import ApartSource
from apps.reports.queries.sources.dated import OF_SHARES, DatedSource
from apps.reports.queries.sources.facts import LINE_FACTS, OF_YEARS, SETTLE_FACTS, Depth, Facts
from apps.reports.queries.sources.reading import Piece, Reading, RowKey
from apps.reports.queries.sources.rows import RowShape, choose_rows

# Who is credited with a matter, in which role, from which day to before which, with what percent. A matter's own rows
# win over its client's; without either it is the attorney Clio names, with the share Clio tells or all of it. A share
# after its sunset, and what Clio's share leaves, is nobody's.
_CREDITS = """(
    WITH split AS MATERIALIZED (
        SELECT m.matter_id, x.role, x.timekeeper_id, x.percent, x.starts_on, x.ends_on, x.sunset_on,
               x.matter_id IS NOT NULL AS is_own
        FROM reports_credit_split x
        JOIN reports_matter m ON m.firm_id = %(firm)s AND (m.matter_id = x.matter_id OR m.client_id = x.client_id)
        WHERE x.firm_id = %(firm)s
    ), turn AS (
        SELECT matter_id, role, day AS from_day,
               coalesce(lead(day) OVER (PARTITION BY matter_id, role ORDER BY day), 'infinity') AS before_day
        FROM (SELECT matter_id, role, '-infinity'::date AS day FROM split
              UNION SELECT matter_id, role, starts_on FROM split
              UNION SELECT matter_id, role, ends_on + 1 FROM split WHERE ends_on IS NOT NULL
              UNION SELECT matter_id, role, sunset_on + 1 FROM split WHERE sunset_on IS NOT NULL) days
    ), held AS (
        SELECT t.matter_id, t.role, t.from_day, t.before_day, s.percent, s.is_own,
               CASE WHEN s.sunset_on IS NULL OR t.from_day <= s.sunset_on THEN s.timekeeper_id END AS timekeeper_id,
               bool_or(s.is_own) OVER (PARTITION BY t.matter_id, t.role, t.from_day) AS has_own
        FROM turn t
        JOIN split s ON s.matter_id = t.matter_id AND s.role = t.role AND s.starts_on <= t.from_day
                    AND (s.ends_on IS NULL OR s.ends_on >= t.from_day)
    ), open_turn AS (
        SELECT m.matter_id, roles.role, coalesce(t.from_day, '-infinity') AS from_day,
               coalesce(t.before_day, 'infinity') AS before_day,
               CASE roles.role WHEN 'originating' THEN m.originating_id ELSE m.responsible_id END AS attorney_id,
               coalesce(CASE roles.role WHEN 'originating' THEN m.originating_share ELSE m.responsible_share END, 100)
                   AS percent
        FROM reports_matter m
        CROSS JOIN (VALUES ('originating'), ('responsible')) roles(role)
        LEFT JOIN turn t ON t.matter_id = m.matter_id AND t.role = roles.role
        WHERE m.firm_id = %(firm)s AND NOT EXISTS (
            SELECT FROM held h WHERE h.matter_id = m.matter_id AND h.role = roles.role AND h.from_day = t.from_day)
    )
    SELECT matter_id, role, from_day, before_day, timekeeper_id, percent FROM held WHERE is_own = has_own
    UNION ALL
    SELECT matter_id, role, from_day, before_day, attorney_id, CASE WHEN attorney_id IS NULL THEN 100 ELSE percent END
    FROM open_turn
    UNION ALL
    SELECT matter_id, role, from_day, before_day, NULL, 100 - percent FROM open_turn
    WHERE attorney_id IS NOT NULL AND percent <> 100
)"""
_ROLES = "(VALUES ('originating'), ('responsible')) roles(role)"


def _credited(rows: str, day: str, columns: str) -> str:
    """Return rows once for everybody credited with their matter on their day, in both roles; without one nobody is.

    The days are compared as a range, which no index of the rows answers: the planner would take the many that lie
    within endless days one by one.
    """
    return f"""(
    WITH credit AS MATERIALIZED {_CREDITS}
    SELECT x.*, roles.role, c.timekeeper_id AS credited_id, coalesce(c.percent, 100) / 100 AS share
    FROM (SELECT {columns} FROM {rows}) x
    CROSS JOIN {_ROLES}
    LEFT JOIN credit c ON c.matter_id = x.matter_id AND c.role = roles.role
                      AND daterange(c.from_day, c.before_day) @> x.{day}
)"""


# What every source of money tells of its rows, besides who is credited.
_OF_FEES = (
    "firm_id, allocation_id, item, bill_id, line_id, settled_on, timekeeper_id, matter_id, payer_id, currency, net"
)
_PAID_FEES, _BILLED_FEES = "kind = 'payment' AND item = 'fee'", "item = 'fee'"
_FEES = f"reports_settle WHERE firm_id = %(firm)s AND {_PAID_FEES}"
_OF_LINES = "firm_id, line_id, bill_id, issued_on, timekeeper_id, matter_id, payer_id, currency, net"
_LINES = f"reports_line WHERE firm_id = %(firm)s AND {_BILLED_FEES}"
_OF_BILLS: Mapping[Dimension | RowKey, str] = {Dimension.BILL: "r.bill_id", Dimension.ALLOCATION: "r.allocation_id"}

# Who is credited sees the sum; of the rows behind it those that would be theirs to see as work.
_seen_as_work = partial(rows_in, payer="r.payer_id")


# Where nobody shares a matter, who is credited with it is the same on every day: its money need not be told by day.
_SHARED = """ARRAY(SELECT m.matter_id FROM reports_credit_split x
          JOIN reports_matter m ON m.firm_id = %(firm)s AND (m.matter_id = x.matter_id OR m.client_id = x.client_id)
          WHERE x.firm_id = %(firm)s)"""
_BY_MONTHS = """(
    SELECT firm_id, month AS {day}, matter_id, payer_id, currency, net FROM {facts}
    WHERE firm_id = %(firm)s AND {which} AND ({spans}) AND (matter_id = ANY({shared})) IS NOT TRUE
    UNION ALL
    SELECT firm_id, {day}, matter_id, payer_id, currency, net FROM {rows}
    AND ({days} OR {day} BETWEEN {first} AND {last} AND matter_id = ANY({shared}))
) x WHERE firm_id = %(firm)s"""


@dataclass(frozen=True, slots=True)
class CreditedSource(DatedSource):
    """Money under who is credited with it; where nobody asks for more, what shares matter, payer and day is one row.

    rows_credited: what is credited, before it is: `table WHERE condition`. which: the same condition over `sums`, its
    facts.
    """

    rows_credited: str = ""
    which: str = ""
    sums: Facts | None = None

    def piece(self, reading: Reading, measures: Sequence[Measure]) -> Piece:
        """Return the statement of the measures' sums."""
        chosen = choose_rows(reading, replace(self.shape, day=f"r.{self.placed_on}"))
        named = set(re.findall(r"\br\.(\w+)", " ".join([chosen.joins, chosen.condition, *chosen.keys])))
        keys = f"firm_id, {self.placed_on}, matter_id, payer_id, currency"
        if not named <= {*keys.split(", "), "credited_id"}:
            return DatedSource.piece(self, reading, measures)
        rows, values = self._by_months(reading)
        table = _credited(f"{rows} GROUP BY {keys}", self.placed_on, f"{keys}, sum(net) AS net")
        piece = DatedSource.piece(replace(self, table=table), reading, measures)
        return Piece(piece.text, {**piece.values, **values})

    def _by_months(self, reading: Reading) -> tuple[str, Mapping[str, Any]]:
        """Return what is credited, of whole months and years from facts where a matter is nobody's to share."""
        stretches = reading.stretches()
        if not stretches or self.sums is None:
            return self.rows_credited, {}
        day, name = timedelta(days=1), f"{reading.prefix}{self.placed_on}_credited"
        first, last = stretches[0][0], stretches[-1][1]
        values: dict[str, Any] = {f"{name}_first": first, f"{name}_last": last}
        spans = []
        for place, (start, end, is_years) in enumerate(stretches):
            values |= {f"{name}_from{place}": start, f"{name}_to{place}": end}
            depth = Depth.MATTER.value + (OF_YEARS if is_years else 0)
            spans.append(f"depth = {depth} AND month BETWEEN %({name}_from{place})s AND %({name}_to{place})s")
        values |= {f"{name}_before": first - day, f"{name}_after": last + day}
        edges = ((reading.value("first"), f"%({name}_before)s"), (f"%({name}_after)s", reading.value("last")))
        rows = _BY_MONTHS.format(
            day=self.placed_on,
            facts=self.sums.table,
            which=self.which,
            spans=" OR ".join(spans),
            shared=_SHARED,
            rows=self.rows_credited,
            days=" OR ".join(f"{self.placed_on} BETWEEN {start} AND {end}" for start, end in edges),
            first=f"%({name}_first)s",
            last=f"%({name}_last)s",
        )
        return rows, values


CREDITED = CreditedSource(
    _credited(_FEES, "settled_on", _OF_FEES),
    "settled_on",
    {"role": "r.role"},
    {"amount": "r.net * r.share"},
    RowShape(
        timekeeper="r.credited_id",
        payer="r.payer_id",
        own={**_OF_BILLS, **OF_SHARES},
        by_itself=_seen_as_work,
        fee="true",
    ),
    rows_credited=_FEES,
    which=_PAID_FEES,
    sums=SETTLE_FACTS,
)
CREDITED_BILLED = CreditedSource(
    _credited(_LINES, "issued_on", _OF_LINES),
    "issued_on",
    {"role": "r.role"},
    {"amount": "r.net * r.share"},
    RowShape(
        timekeeper="r.credited_id",
        payer="r.payer_id",
        own={RowKey.ID: "r.line_id"},
        by_itself=_seen_as_work,
        fee="true",
    ),
    rows_credited=_LINES,
    which=_BILLED_FEES,
    sums=LINE_FACTS,
)
# A matter that several share counts for each of them, and once for all.
CREDITED_MATTERS = ApartSource(
    _credited(
        "reports_matter WHERE firm_id = %(firm)s AND opened_on IS NOT NULL",
        "opened_on",
        "firm_id, matter_id, opened_on",
    ),
    "opened_on",
    {"role": "r.role", "matter_id": "r.matter_id"},
    RowShape(timekeeper="r.credited_id", currency="", own={RowKey.ID: "r.matter_id"}, by_itself=matters_in),
)
_IN_FORCE = """(
    SELECT worked, originating, responsible, starts_on,
           coalesce(lead(starts_on) OVER (ORDER BY starts_on), 'infinity') AS ends_before
    FROM reports_fee_split WHERE firm_id = %(firm)s
)"""
_SHARES = f"""(
    SELECT x.*, CASE WHEN x.person_id IS NULL THEN 'firm' ELSE x.role END AS part, x.net * x.percent / 100 AS amount
    FROM (
        SELECT s.firm_id, s.allocation_id, s.item, s.bill_id, s.line_id, s.settled_on, s.matter_id, s.payer_id,
               s.currency, s.net, s.timekeeper_id, 'worked' AS role, s.timekeeper_id AS person_id, f.worked AS percent
        FROM reports_settle s JOIN {_IN_FORCE} f ON s.settled_on >= f.starts_on AND s.settled_on < f.ends_before
        WHERE s.firm_id = %(firm)s AND s.kind = 'payment' AND s.item = 'fee'
        UNION ALL
        SELECT c.firm_id, c.allocation_id, c.item, c.bill_id, c.line_id, c.settled_on, c.matter_id, c.payer_id,
               c.currency, c.net, c.timekeeper_id, c.role, c.credited_id,
               c.share * CASE c.role WHEN 'originating' THEN f.originating ELSE f.responsible END
        FROM {_credited(_FEES, "settled_on", _OF_FEES)} c
        JOIN {_IN_FORCE} f ON c.settled_on >= f.starts_on AND c.settled_on < f.ends_before
        UNION ALL
        SELECT s.firm_id, s.allocation_id, s.item, s.bill_id, s.line_id, s.settled_on, s.matter_id, s.payer_id,
               s.currency, s.net, s.timekeeper_id, 'firm', NULL,
               100 - coalesce(f.worked + f.originating + f.responsible, 0)
        FROM reports_settle s
        LEFT JOIN {_IN_FORCE} f ON s.settled_on >= f.starts_on AND s.settled_on < f.ends_before
        WHERE s.firm_id = %(firm)s AND s.kind = 'payment' AND s.item = 'fee'
    ) x
    WHERE x.percent <> 0
)"""
# Collected fees shared by the firm's percentages; what nobody is credited with is the firm's, like the rest.
FEE_SHARES = DatedSource(
    _SHARES,
    "settled_on",
    {"part": "r.part"},
    {"amount": "r.amount"},
    RowShape(
        timekeeper="r.person_id",
        payer="r.payer_id",
        own={**_OF_BILLS, **OF_SHARES},
        by_itself=_seen_as_work,
        fee="true",
    ),
)
