"""Figures by the sums they are made of: in a grid of many cells few differ."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from apps.reports.metrics.evaluate import figure_of
from apps.reports.services.asked_question import Asked, items_of

Figures = Mapping[str, Decimal | None]


class KnownFigures:
    """The figures of a question's rows, equal sums worked out once. Its items must be no shares."""

    def __init__(self, asked: Asked) -> None:
        self._asked = asked
        self._items = [
            (f"{metric.name}.{name}", item, tuple(dict.fromkeys(measure.key for measure in item.uses())))
            for metric in asked.metrics
            for name, item in metric.items.items()
        ]
        self._measures = tuple(
            dict.fromkeys(measure.key for item in items_of(asked).values() for measure in item.uses())
        )
        self._rows: dict[tuple[Any, ...], Figures] = {}
        self._figures: dict[tuple[Any, ...], Decimal | None] = {}

    def of(self, sums: Figures) -> Figures:
        """Return the rounded figures of a row's sums, by column."""
        told = tuple([sums[key] for key in self._measures])
        found = self._rows.get(told)
        if found is None:
            found = self._rows[told] = self._of_items(with_zeros(self._asked, sums))
        return found

    def _of_items(self, sums: Figures) -> Figures:
        figures: dict[str, Decimal | None] = {}
        for column, item, keys in self._items:
            told = (column, *[sums[key] for key in keys])
            if told not in self._figures:
                self._figures[told] = figure_of(item, sums, self._asked.currency)
            figures[column] = self._figures[told]
        return figures


def with_zeros(asked: Asked, sums: Figures) -> dict[str, Decimal | None]:
    """Return the sums; a source without a row for the key adds nothing, one that is not offered leaves no sum."""
    return {key: Decimal(0) if value is None and key not in asked.may_be_none else value for key, value in sums.items()}
