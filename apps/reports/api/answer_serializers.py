"""Shapes of answers of the metric layer. Money is a decimal string in the answer's currency, the rest are numbers."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.reports.api.conversion_serializers import ConversionSerializer
from apps.reports.api.figure_fields import FigureField, written_figure
from apps.reports.api.serializers import MonthStandingSerializer, QualityFlagSerializer, ReportPeriodSerializer
from apps.reports.contracts import Answer, AnswerRow, Attributes, ChangeUnit, DetailKind, Mode, Unit
from apps.reports.metrics.converted import converted
from apps.reports.metrics.declaration import Metric


class ColumnSerializer(serializers.Serializer[Any]):
    key = serializers.CharField(help_text="`metric.item`")
    title = serializers.CharField(help_text="the metric's")
    words = serializers.CharField(source="label", help_text="what tells the column from the metric's others")
    unit = serializers.ChoiceField(choices=[unit.value for unit in Unit])
    date_basis = serializers.CharField(help_text="the date that places its rows in the period")
    changes_in = serializers.ChoiceField(
        choices=[unit.value for unit in ChangeUnit],
        help_text="what its change is told in: amounts in percent, ratios in points or their own unit",
    )


class DetailColumnSerializer(serializers.Serializer[Any]):
    key = serializers.CharField(help_text="`dimension.fact`")
    title = serializers.CharField()
    kind = serializers.ChoiceField(choices=[kind.value for kind in DetailKind])


class MarkSerializer(serializers.Serializer[Any]):
    code = serializers.CharField(help_text="stable")
    column = serializers.CharField(help_text="`metric.item` it stands at")
    text = serializers.CharField()


class AnswerRowSerializer(serializers.Serializer[Any]):
    keys = serializers.ListField(
        child=serializers.CharField(allow_null=True), help_text="a value per dimension; null is none"
    )
    labels = serializers.ListField(child=serializers.CharField(), help_text="the keys in words")
    figures = serializers.DictField(child=FigureField(), help_text="by column; money as text, else numbers")
    compared = serializers.DictField(child=FigureField(), help_text="of the earlier period")
    change = serializers.DictField(
        child=FigureField(), help_text="of unrounded figures, in what the column `changes_in`"
    )
    difference = serializers.DictField(
        child=FigureField(), help_text="the figures less the compared ones, in their units"
    )
    new = serializers.ListField(
        child=serializers.CharField(), help_text="columns that were nothing before: their change has no percentage"
    )
    series = serializers.DictField(
        child=serializers.DictField(child=FigureField()),
        help_text="by the first day of each piece of the period",
    )
    details = serializers.DictField(child=serializers.CharField(allow_null=True), help_text="facts of the keys")
    marks = MarkSerializer(many=True, help_text="what its figures call for: warnings, states, grades")


class SnapshotGapSerializer(serializers.Serializer[Any]):
    day = serializers.DateField(help_text="a day asked for as reported of which no snapshot was kept: no figures")
    nearest_before = serializers.DateField(allow_null=True, help_text="the last day before it that has one")
    why = serializers.ChoiceField(
        choices=["stale", "not_taken", "none_kept", "before_first", "not_yet"],
        help_text=(
            "stale: Clio's data were too old that night; not_taken: nothing ran; none_kept: there is no snapshot at "
            "all; before_first: snapshots begin later, on `first_kept`; not_yet: its night is still to come"
        ),
    )
    first_kept = serializers.DateField(allow_null=True, help_text="the first day that has one: since when they exist")


class AnswerSerializer(serializers.Serializer[Any]):
    status = serializers.ChoiceField(choices=["ready", "loading", "not_connected"])
    scope = serializers.CharField()
    mode = serializers.ChoiceField(choices=[mode.value for mode in Mode], help_text="the knowledge mode")
    period = ReportPeriodSerializer()
    compared_with = ReportPeriodSerializer(allow_null=True)
    attributes = serializers.ChoiceField(
        choices=[each.value for each in Attributes],
        help_text="practice area, attorneys and group: the matter's of today, or of each row's own day",
    )
    compared_periods = ReportPeriodSerializer(many=True, help_text="each earlier period by its exact days")
    averaged_over = serializers.IntegerField(help_text="earlier periods the compared figures are the average of")
    currency = serializers.CharField(help_text="ISO 4217 code; currencies are never added up, unless converted")
    conversion = ConversionSerializer(
        allow_null=True, help_text="money of other currencies is in these figures, converted; null: it is not"
    )
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
        child=serializers.CharField(),
        help_text="metrics that met hidden rows or rows without an exchange rate, or lack what Clio refuses",
    )
    flags = QualityFlagSerializer(many=True)
    gaps = SnapshotGapSerializer(many=True)
    closes = MonthStandingSerializer(many=True, help_text="the months the period touches, closed or open")

    @extend_schema_field(AnswerRowSerializer(many=True))
    def get_rows(self, answer: Answer) -> list[dict[str, Any]]:
        """Return the rows of the page."""
        units = _units(answer)
        return [_row(row, units, _changes_in(answer)) for row in answer.rows]

    @extend_schema_field(AnswerRowSerializer(many=True))
    def get_subtotals(self, answer: Answer) -> list[dict[str, Any]]:
        """Return the subtotals of the groups the rows are in, by the leading keys."""
        units = _units(answer)
        return [_row(row, units, _changes_in(answer)) for row in answer.subtotals]

    @extend_schema_field(AnswerRowSerializer(allow_null=True))
    def get_total(self, answer: Answer) -> dict[str, Any] | None:
        """Return the figures of all rows together; of unrounded sums, not of the rows shown."""
        return _row(answer.total, _units(answer), _changes_in(answer)) if answer.total else None


class MetricSerializer(serializers.Serializer[Any]):
    key = serializers.CharField()
    name = serializers.CharField()
    title = serializers.CharField()
    question = serializers.CharField()
    formula = serializers.CharField()
    date_basis = serializers.CharField()
    dimensions = serializers.SerializerMethodField()
    filters = serializers.SerializerMethodField()
    items = serializers.SerializerMethodField()
    definition = serializers.CharField()
    excludes = serializers.CharField()
    follows = serializers.CharField(help_text="whose definition it follows or is comparable with")
    needs = serializers.SerializerMethodField()
    items_need = serializers.SerializerMethodField()
    converted = serializers.SerializerMethodField()

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_dimensions(self, metric: Metric) -> list[str]:
        """Return what it may be broken down by."""
        return sorted(metric.dims)

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_filters(self, metric: Metric) -> list[str]:
        """Return what it may be filtered by."""
        return sorted(metric.dims | metric.narrowed_by)

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_needs(self, metric: Metric) -> list[str]:
        """Return the permissions without which it is refused."""
        return sorted(metric.needs)

    @extend_schema_field(serializers.DictField(child=serializers.CharField()))
    def get_items_need(self, metric: Metric) -> dict[str, str]:
        """Return the permission without which an item of it is left out."""
        return {name: need.value for name, need in metric.items_need.items()}

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_converted(self, metric: Metric) -> list[str]:
        """Return its items that can be asked for converted into one currency."""
        return list(converted(metric).items)

    @extend_schema_field(serializers.DictField(child=serializers.ChoiceField(choices=[unit.value for unit in Unit])))
    def get_items(self, metric: Metric) -> dict[str, str]:
        """Return its items with their units; the first is the metric itself."""
        return {name: item.unit.value for name, item in metric.items.items()}


def _units(answer: Answer) -> dict[str, Unit]:
    return {column.key: column.unit for column in answer.columns}


def _changes_in(answer: Answer) -> dict[str, Unit]:
    """Return the units changes are written in: only money is written as money."""
    money = ChangeUnit.MONEY
    return {each.key: Unit.MONEY if each.changes_in is money else Unit.PERCENT for each in answer.columns}


def _row(row: AnswerRow, units: Mapping[str, Unit], changes_in: Mapping[str, Unit]) -> dict[str, Any]:
    return {
        "keys": [None if key is None else str(key) for key in row.keys],
        "labels": list(row.labels),
        "figures": _shown(row.figures, units),
        "compared": _shown(row.compared, units),
        "change": _shown(row.changes, changes_in),
        "difference": _shown(_differences(row), units),
        "new": [key for key in units if key in row.new],
        "series": {day.isoformat(): _shown(figures, units) for day, figures in sorted(row.series.items())},
        "details": {key: value.isoformat() if isinstance(value, date) else value for key, value in row.details.items()},
        "marks": [{"code": mark.code, "column": mark.column, "text": mark.text} for mark in row.marks],
    }


def _shown(figures: Mapping[str, Decimal | None], units: Mapping[str, Unit]) -> dict[str, str | float | None]:
    """Return the figures of the columns shown."""
    shown = {key: figures[key] for key in units if key in figures}
    return {key: written_figure(value, units[key]) for key, value in shown.items()}


def _differences(row: AnswerRow) -> dict[str, Decimal | None]:
    return {
        key: None if then is None or (now := row.figures.get(key)) is None else now - then
        for key, then in row.compared.items()
    }
