"""Shapes of reports that people of a firm make."""

from collections.abc import Mapping
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.reports.api.report_serializers import ReportSerializer
from apps.reports.contracts import Attributes, Chart, Comparison, Dimension, Grain
from apps.reports.queries.custom_reports import read_report
from apps.reports.rules.definitions import read_value
from apps.reports.services.check_report import MOST_COLUMNS

_MOST_VALUES, _MOST_DETAILS = 500, 20
_DIMENSIONS = [dimension.value for dimension in Dimension]


class FiltersField(serializers.Field[dict[str, list[str]], Any, dict[str, list[str]], Any]):
    """The values admitted by dimension, as text; `none` for what has none."""

    default_error_messages = {
        "no_object": "An object: a list of values by dimension.",
        "unknown": "{name} is no dimension.",
        "no_values": "A list of 1 to {most} texts for {name}.",
        "no_id": "{name}: {detail}",
    }

    def to_internal_value(self, data: Any) -> dict[str, list[str]]:
        """Return the filters, each value one of its dimension."""
        if not isinstance(data, Mapping):
            self.fail("no_object")
        for name, values in data.items():
            if name not in _DIMENSIONS:
                self.fail("unknown", name=str(name)[:60])
            if not self._are_values(values):
                self.fail("no_values", name=name, most=_MOST_VALUES)
            for text in values:
                try:
                    read_value(Dimension(name), text)
                except ValueError as error:
                    self.fail("no_id", name=name, detail=str(error))
        return {name: list(values) for name, values in data.items()}

    def to_representation(self, value: dict[str, list[str]]) -> dict[str, list[str]]:
        """Return the filters as they are."""
        return value

    def _are_values(self, values: Any) -> bool:
        is_list = isinstance(values, list) and 0 < len(values) <= _MOST_VALUES
        return is_list and all(isinstance(text, str) and 0 < len(text) <= 200 for text in values)


class TableInputSerializer(serializers.Serializer[Any]):
    key = serializers.SlugField(max_length=60)
    title = serializers.CharField(max_length=120)
    columns = serializers.ListField(
        child=serializers.CharField(max_length=120),
        min_length=1,
        max_length=MOST_COLUMNS,
        help_text="`metric.item`, or a metric with all its items",
    )
    details = serializers.ListField(
        child=serializers.CharField(max_length=80), max_length=_MOST_DETAILS, default=list, help_text="`dimension.fact`"
    )
    group_by = serializers.ListField(child=serializers.ChoiceField(choices=_DIMENSIONS), max_length=3, default=list)
    grain = serializers.ChoiceField(choices=[each.value for each in Grain], allow_null=True, default=None)
    filters = extend_schema_field(serializers.DictField(child=serializers.ListField(child=serializers.CharField())))(
        FiltersField
    )(default=dict)
    comparison = serializers.ChoiceField(choices=[each.value for each in Comparison], allow_null=True, default=None)
    sort = serializers.CharField(max_length=120, allow_blank=True, default="")
    chart = serializers.ChoiceField(choices=[each.value for each in Chart], default=Chart.NONE.value)
    period = serializers.CharField(max_length=30, allow_blank=True, default="", help_text="of this table alone")
    attributes = serializers.ChoiceField(
        choices=[each.value for each in Attributes],
        default=Attributes.TODAY.value,
        help_text="whose practice area, attorneys and group rows count under: the matter's of today, or of their day",
    )


class CustomReportInputSerializer(serializers.Serializer[Any]):
    title = serializers.CharField(max_length=120)
    question = serializers.CharField(max_length=300, allow_blank=True, default="")
    period = serializers.CharField(max_length=30, default="this_month")
    groupings = serializers.ListField(
        child=serializers.ChoiceField(choices=_DIMENSIONS), max_length=len(_DIMENSIONS), default=list
    )
    tables = TableInputSerializer(many=True, allow_empty=False)
    is_shared = serializers.BooleanField(default=False, help_text="all of the firm may run it, each in their own scope")


class CustomReportSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField(source="public_id")
    version = serializers.IntegerField()
    is_shared = serializers.BooleanField()
    is_own = serializers.SerializerMethodField()
    changed_at = serializers.DateTimeField()
    definition = serializers.SerializerMethodField()

    @extend_schema_field(serializers.BooleanField())
    def get_is_own(self, report: Any) -> bool:
        """Tell whether the caller made it."""
        return bool(report.owner_id == self.context["user_id"])

    @extend_schema_field(ReportSerializer)
    def get_definition(self, report: Any) -> Any:
        """Return how it is declared."""
        reader = {"scope": self.context["scope"], "user_id": self.context["user_id"]}
        return ReportSerializer(read_report(report, **reader)).data


class CustomReportVersionSerializer(serializers.Serializer[Any]):
    version = serializers.IntegerField()
    changed_at = serializers.DateTimeField()
    definition = serializers.SerializerMethodField()

    @extend_schema_field(ReportSerializer)
    def get_definition(self, version: Any) -> Any:
        """Return how the report was declared."""
        reader = {"scope": self.context["scope"], "user_id": self.context["user_id"]}
        key = str(version.version)
        return ReportSerializer(read_report(version.report, definition=version.definition, key=key, **reader)).data
