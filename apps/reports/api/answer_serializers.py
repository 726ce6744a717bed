"""Shapes of answers of the metric layer. Money is a decimal string in the answer's currency, the rest are numbers."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.reports.api.serializers import QualityFlagSerializer, ReportPeriodSerializer
from apps.reports.contracts import Answer, AnswerRow, DetailKind, Unit
from apps.reports.metrics.declaration import Metric
from apps.reports.rules.comparison import change, is_new


class ColumnSerializer(serializers.Serializer[Any]):
    key = serializers.CharField(help_text="`metric.item`")
    title = serializers.CharField()
    unit = serializers.ChoiceField(choices=[unit.value for unit in Unit])
    date_basis = serializers.CharField(help_text="the date that places its rows in the period")


class DetailColumnSerializer(serializers.Serializer[Any]):
    key = serializers.CharField(help_text="`dimension.fact`")
    title = serializers.CharField()
    kind = serializers.ChoiceField(choices=[kind.value for kind in DetailKind])


class AnswerRowSerializer(serializers.Serializer[Any]):
    keys = serializers.ListField(
        child=serializers.CharField(allow_null=True), help_text="a value per dimension; null is none"
    )
    labels = serializers.ListField(child=serializers.CharField(), help_text="the keys in words")
    figures = serializers.DictField(child=serializers.CharField(allow_null=True), help_text="by column")
    compared = serializers.DictField(child=serializers.CharField(allow_null=True), help_text="of the earlier period")
    change = serializers.DictField(
        child=serializers.FloatField(allow_null=True), help_text="percent; of percents: points"
    )
    new = serializers.ListField(
        child=serializers.CharField(), help_text="columns that were nothing before: their change has no percentage"
    )
    series = serializers.DictField(
        child=serializers.DictField(child=serializers.CharField(allow_null=True)),
        help_text="by the first day of each piece of the period",
    )
    details = serializers.DictField(child=serializers.CharField(allow_null=True), help_text="facts of the keys")


class AnswerSerializer(serializers.Serializer[Any]):
    status = serializers.ChoiceField(choices=["ready", "loading", "not_connected"])
    scope = serializers.CharField()
    mode = serializers.SerializerMethodField()
    period = ReportPeriodSerializer()
    compared_with = ReportPeriodSerializer(allow_null=True)
    averaged_over = serializers.IntegerField(help_text="earlier periods the compared figures are the average of")
    currency = serializers.CharField(help_text="ISO 4217 code; currencies are never added up")
    other_currencies = serializers.ListField(
        child=serializers.CharField(), help_text="of money that is in none of these figures"
    )
    last_synced_at = serializers.DateTimeField(source="data_as_of.last_synced_at", allow_null=True)
    mirror_version = serializers.IntegerField(source="data_as_of.mirror_version")
    columns = ColumnSerializer(many=True)
    details = DetailColumnSerializer(many=True)
    row_count = serializers.IntegerField()
    rows = serializers.SerializerMethodField()
    subtotals = serializers.SerializerMethodField()
    total = serializers.SerializerMethodField()
    incomplete = serializers.ListField(
        child=serializers.CharField(), help_text="metrics that met hidden rows, or that lack what Clio refuses"
    )
    flags = QualityFlagSerializer(many=True)

    def get_mode(self, _: Answer) -> str:
        """Return the knowledge mode (R5)."""
        return "restated"

    @extend_schema_field(AnswerRowSerializer(many=True))
    def get_rows(self, answer: Answer) -> list[dict[str, Any]]:
        """Return the rows of the page."""
        units = _units(answer)
        return [_row(row, units) for row in answer.rows]

    @extend_schema_field(AnswerRowSerializer(many=True))
    def get_subtotals(self, answer: Answer) -> list[dict[str, Any]]:
        """Return the subtotals of the groups the rows are in, by the leading keys."""
        units = _units(answer)
        return [_row(row, units) for row in answer.subtotals]

    @extend_schema_field(AnswerRowSerializer(allow_null=True))
    def get_total(self, answer: Answer) -> dict[str, Any] | None:
        """Return the figures of all rows together; of unrounded sums, not of the rows shown."""
        return _row(answer.total, _units(answer)) if answer.total else None


class MetricSerializer(serializers.Serializer[Any]):
    key = serializers.CharField()
    name = serializers.CharField()
    title = serializers.CharField()
    question = serializers.CharField()
    formula = serializers.CharField()
    date_basis = serializers.CharField()
    dimensions = serializers.SerializerMethodField()
    items = serializers.SerializerMethodField()
    definition = serializers.CharField()
    excludes = serializers.CharField()
    follows = serializers.CharField(help_text="whose definition it follows or is comparable with")
    needs = serializers.SerializerMethodField()
    items_need = serializers.SerializerMethodField()

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_dimensions(self, metric: Metric) -> list[str]:
        """Return what it may be broken down and filtered by."""
        return sorted(metric.dims)

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_needs(self, metric: Metric) -> list[str]:
        """Return the permissions without which it is refused."""
        return sorted(metric.needs)

    @extend_schema_field(serializers.DictField(child=serializers.CharField()))
    def get_items_need(self, metric: Metric) -> dict[str, str]:
        """Return the permission without which an item of it is left out."""
        return {name: need.value for name, need in metric.items_need.items()}

    @extend_schema_field(OpenApiTypes.OBJECT)
    def get_items(self, metric: Metric) -> dict[str, str]:
        """Return its items with their units; the first is the metric itself."""
        return {name: item.unit.value for name, item in metric.items.items()}


def _units(answer: Answer) -> dict[str, Unit]:
    return {column.key: column.unit for column in answer.columns}


def _row(row: AnswerRow, units: Mapping[str, Unit]) -> dict[str, Any]:
    return {
        "keys": [None if key is None else str(key) for key in row.keys],
        "labels": list(row.labels),
        "figures": _shown(row.figures, units),
        "compared": _shown(row.compared, units),
        "change": {key: _changed(row, key, unit) for key, unit in units.items() if key in row.compared},
        "new": [key for key, unit in units.items() if key in row.compared and _is_new(row, key, unit)],
        "series": {day.isoformat(): _shown(figures, units) for day, figures in sorted(row.series.items())},
        "details": {key: value.isoformat() if isinstance(value, date) else value for key, value in row.details.items()},
    }


def _shown(figures: Mapping[str, Decimal | None], units: Mapping[str, Unit]) -> dict[str, str | float | None]:
    """Return the figures of the columns shown."""
    shown = {key: figures[key] for key in units if key in figures}
    return {
        key: None if value is None else str(value) if units[key] is Unit.MONEY else float(value)
        for key, value in shown.items()
    }


def _is_new(row: AnswerRow, key: str, unit: Unit) -> bool:
    return unit is not Unit.PERCENT and is_new(row.figures[key], row.compared[key])


def _changed(row: AnswerRow, key: str, unit: Unit) -> float | None:
    """Return the change: of ratios in points, not in percent (K46)."""
    now, then = row.figures[key], row.compared[key]
    if unit is Unit.PERCENT:
        return None if now is None or then is None else float(now - then)
    moved = change(now, then)
    return None if moved is None else float(moved)
