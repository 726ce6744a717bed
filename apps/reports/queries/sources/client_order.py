"""Clients in the order of what they brought: where each stands among all of them (the display of K31)."""

# ruff: noqa: S608 - statements are put together from constants of this package; every value is a parameter

from collections.abc import Sequence
from dataclasses import dataclass, replace

from apps.reports.contracts import Dimension, Measure
from apps.reports.queries.sources.as_of import rows_of
from apps.reports.queries.sources.clients import ClientMoney, of_clients
from apps.reports.queries.sources.dated import OF_MONEY
from apps.reports.queries.sources.facts import SETTLE_FACTS
from apps.reports.queries.sources.reading import BUCKET, Level, Piece, Reading, RowKey
from apps.reports.queries.sources.rows import beside_rows
from apps.reports.queries.sources.trailing import CAME_IN


@dataclass(frozen=True, slots=True)
class ClientOrder(ClientMoney):
    """One row per client, or company where the question tells companies apart: its `total` above zero, the `whole` of
    all of them, and what the larger ones brought `before` it.

    All clients that other keys and filters admit are set beside one another; only then a filter by client chooses.
    """

    def piece(self, reading: Reading, measures: Sequence[Measure]) -> Piece:
        """Return the statement of the measures over clients."""
        who = _who(reading)
        others = {dimension: values for dimension, values in reading.filters.items() if dimension is not who}
        own = {**(self.shape.own or {}), RowKey.ID: self.shape.expression(who)}
        ordered = replace(self, shape=replace(self.shape, own=own))
        chosen = ClientMoney.piece(ordered, replace(reading, filters=others), measures)
        wanted = [value for value in reading.filters.get(who, ()) if value is not None]
        named = {f"{reading.prefix}in_order": wanted if who in reading.filters else None}
        return Piece(chosen.text, {**chosen.values, **named})

    def rows(self, level: Level, reading: Reading) -> str:
        """Return the query of a level's rows."""
        who = _who(reading)
        beside = [key for key in beside_rows(level, reading) if _dimension(key, reading) is not who]
        within, of_level = ", ".join([*level, "client_id"]), f"PARTITION BY {', '.join(beside)}" if beside else ""
        totals = f"SELECT {within}, sum(net) AS total FROM ({rows_of(level, reading)}) p GROUP BY {within}"
        wanted = reading.value("in_order")
        return f"""
            SELECT * FROM (
                SELECT *, sum(total) OVER ({of_level}) AS whole,
                       sum(total) OVER ({of_level} ORDER BY total DESC, client_id
                                        ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - total AS before
                FROM ({totals}) t WHERE total > 0
            ) o WHERE {wanted}::bigint[] IS NULL OR client_id = ANY({wanted}::bigint[])
        """


def _who(reading: Reading) -> Dimension:
    """Return what is set in order: companies where the question tells them apart, and not their people too."""
    told = {*reading.dimensions, *reading.filters}
    return Dimension.COMPANY if Dimension.COMPANY in told and Dimension.CLIENT not in told else Dimension.CLIENT


def _dimension(key: str, reading: Reading) -> Dimension | RowKey | None:
    return None if key == BUCKET else reading.dimensions[int(key[1:])]


CLIENTS_IN_ORDER = ClientOrder("reports_settle", "settled_on", of_clients(OF_MONEY), extra=CAME_IN, facts=SETTLE_FACTS)
