"""How a figure stands in an answer, and how the API's document says so: money as text, everything else as a number."""

from decimal import Decimal
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.reports.contracts import Unit

AMOUNT = r"^-?[0-9]+([.][0-9]+)?$"
FIGURE = {
    "oneOf": [
        {"type": "string", "pattern": AMOUNT, "description": "money: a decimal amount in the answer's currency"},
        {"type": "number", "description": "hours, percents, days, counts and other figures"},
        {"type": "null", "description": "there is no figure"},
    ]
}


@extend_schema_field(FIGURE)
class FigureField(serializers.Field[Any, Any, Any, Any]):
    """A figure of any unit, written by `written_figure`; it is only read."""

    def to_representation(self, value: str | float | None) -> str | float | None:
        """Return the figure as it was written."""
        return value


def written_figure(value: Decimal | None, unit: Unit) -> str | float | None:
    """Return a figure as it leaves: money as decimal text, the rest as a number."""
    if value is None:
        return None
    return f"{value:f}" if unit is Unit.MONEY else float(value)
