"""Shapes of reports: how they are declared, and what they answer with."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.reports.api.answer_serializers import AnswerSerializer
from apps.reports.contracts import Attributes, Chart, Dimension, Grain, Report, Table, TableAnswer
from apps.reports.rules.definitions import write_filters, write_sort
from apps.reports.services.run_report import offered_by


class TableSerializer(serializers.Serializer[Any]):
    key = serializers.CharField()
    title = serializers.CharField()
    columns = serializers.ListField(child=serializers.CharField(), help_text="`metric.item`, in order")
    details = serializers.ListField(child=serializers.CharField(), help_text="`dimension.fact`")
    group_by = serializers.ListField(child=serializers.ChoiceField(choices=[each.value for each in Dimension]))
    grain = serializers.ChoiceField(choices=[each.value for each in Grain], allow_null=True)
    filters = serializers.SerializerMethodField()
    comparison = serializers.CharField(allow_null=True)
    sort = serializers.SerializerMethodField()
    chart = serializers.ChoiceField(choices=[each.value for each in Chart])
    period = serializers.CharField(help_text="of this table alone; empty: the report's")
    attributes = serializers.ChoiceField(
        choices=[each.value for each in Attributes],
        help_text="whose practice area, attorneys and group rows count under: the matter's of today, or of their day",
    )

    @extend_schema_field(serializers.DictField(child=serializers.ListField(child=serializers.CharField())))
    def get_filters(self, table: Table) -> dict[str, list[str]]:
        """Return the values admitted by dimension; `none` for what has none."""
        return write_filters(table.filters)

    @extend_schema_field(serializers.CharField())
    def get_sort(self, table: Table) -> str:
        """Return what the rows are sorted by; `-` before it: the largest first."""
        return write_sort(table.order)


class DeclaredTableSerializer(TableSerializer):
    groupings = serializers.ListField(
        child=serializers.ChoiceField(choices=[each.value for each in Dimension]),
        help_text="what this table may be grouped by, by `table` with its key and `group_by`",
    )


class ReportSerializer(serializers.Serializer[Any]):
    key = serializers.CharField()
    number = serializers.IntegerField(help_text="of a standard report; 0: the firm's own")
    title = serializers.CharField()
    question = serializers.CharField()
    date_basis = serializers.CharField()
    period = serializers.CharField(help_text="unless asked otherwise")
    groupings = serializers.ListField(
        child=serializers.CharField(), help_text="what tables may be grouped by instead; which one by what, each says"
    )
    tables = serializers.SerializerMethodField()
    address = serializers.CharField(
        help_text="below the firm's: where a report without tables is answered, in a shape of its own; empty: here"
    )
    chart = serializers.ChoiceField(choices=[each.value for each in Chart], help_text="of a report without tables")

    @extend_schema_field(DeclaredTableSerializer(many=True))
    def get_tables(self, report: Report) -> list[dict[str, Any]]:
        """Return the tables, each with what it may be grouped by."""
        return [
            {**TableSerializer(table).data, "groupings": list(offered_by(report, table))} for table in report.tables
        ]


class TableAnswerSerializer(serializers.Serializer[Any]):
    table = TableSerializer()
    left_out = serializers.ListField(
        child=serializers.CharField(),
        help_text="columns that need a permission the reader lacks, or mean nothing by these groups or in this mode; "
        "details, for an API key that reads figures only",
    )
    answer = serializers.SerializerMethodField()

    @extend_schema_field(AnswerSerializer)
    def get_answer(self, run: TableAnswer) -> Any:
        """Return the rows."""
        return AnswerSerializer(run.answer).data


class ReportAnswerSerializer(serializers.Serializer[Any]):
    report = ReportSerializer()
    tables = TableAnswerSerializer(many=True)
