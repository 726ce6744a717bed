"""Sides of several sources beside one another, matter by matter: for floors and states that no sum has."""

# ruff: noqa: S608 - statements are put together from constants of this package; every value is a parameter

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from apps.reports.contracts import Dimension, Measure
from apps.reports.queries.sources.reading import BUCKET, Piece, Reading
from apps.reports.queries.sources.rows import RowShape, listed_measures


class Summed(Protocol):
    """A source a side is read from."""

    def piece(self, reading: Reading, measures: Sequence[Measure]) -> Piece:
        """Return the statement of the measures' sums."""
        ...


_ENTRIES = "entries"


@dataclass(frozen=True, slots=True)
class Side:
    """A sum of one source, and whether it is NULL instead of 0 where the matter has none.

    hidden: counts the entries of the source that should have been in the sum, had Clio told what they are worth.
    """

    source: Summed
    measure: Measure
    may_lack: bool = False
    hidden: str = ""

    @property
    def measures(self) -> list[Measure]:
        """Return what is read of the source."""
        counted = Measure(_ENTRIES, self.measure.source, self.hidden)
        return [self.measure, counted] if self.hidden else [self.measure]

    def added(self) -> str:
        """Return the SQL of the side over its parts."""
        name = self.measure.key
        return f"sum({name}) AS {name}" if self.may_lack else f"coalesce(sum({name}), 0) AS {name}"


@dataclass(frozen=True, slots=True)
class ByMatter:
    """One row per matter and key with every side by the name of its measure; what has no matter is one row.

    `entries`: those of all sides that hide what they are worth; `is_hidden`: there are some. Each side is read by its
    own source, one dimension deeper.
    """

    shape: RowShape
    sides: tuple[Side, ...]

    def piece(self, reading: Reading, measures: Sequence[Measure]) -> Piece:
        """Return the statement of the measures over matters."""
        matter = f"k{len(reading.dimensions)}"
        levels = tuple((*(key for key in level if key != BUCKET), matter, *(key for key in level if key == BUCKET))
                       for level in reading.levels)  # fmt: skip
        deeper = replace(reading, dimensions=(*reading.dimensions, Dimension.MATTER), levels=levels)
        read = [(side.source, side.measures) for side in self.sides]
        pieces = [(source.piece(deeper, sums), {each.key for each in sums}) for source, sums in read]
        listed = "".join(f"{key}, " for key in reading.keys)
        names = [*(side.measure.key for side in self.sides), _ENTRIES]
        parts = " UNION ALL ".join(
            f"SELECT level, {listed}{matter} AS matter_id, "
            + ", ".join(f"{name}::numeric AS {name}" if name in own else f"NULL::numeric AS {name}" for name in names)
            + f" FROM ({piece.text}) s"
            for piece, own in pieces
        )
        sums = ", ".join(side.added() for side in self.sides)
        text = f"""
            SELECT level, {listed}{listed_measures(measures)}
            FROM (SELECT level, {listed}matter_id, {sums}, coalesce(sum(entries), 0) AS entries,
                         coalesce(sum(entries), 0) > 0 AS is_hidden
                  FROM ({parts}) sides GROUP BY level, {listed}matter_id) r
            GROUP BY {listed}level
        """
        values = {name: value for piece, _ in pieces for name, value in piece.values.items()}
        return Piece(text, values)
