"""Shapes of what goes out. Money is a decimal string in its currency's unit, hours and percents are numbers.

The fields of a KPI follow its declaration in metrics/: a second list here could only drift from it.
"""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.reports.api.conversion_serializers import ConversionSerializer
from apps.reports.contracts import Overview, Unit
from apps.reports.metrics.catalogue import MONEY_METRICS, OVERVIEW, TIME_METRICS
from apps.reports.metrics.declaration import Item, Metric


def _item_field(item: Item) -> serializers.Field[Any, Any, Any, Any]:
    if item.unit is Unit.MONEY:
        return serializers.CharField(help_text="decimal amount")
    return serializers.FloatField(allow_null=True, help_text=item.unit.value)


def _metric_serializer(metric: Metric) -> type[serializers.Serializer[Any]]:
    fields = {name: _item_field(item) for name, item in metric.items.items()}
    name = "".join(word.capitalize() for word in metric.name.split("_"))
    return type(f"{name}FiguresSerializer", (serializers.Serializer,), fields)


_SERIALIZERS = {metric.key: _metric_serializer(metric) for metric in OVERVIEW}


def _group(name: str, metrics: tuple[Metric, ...]) -> type[serializers.Serializer[Any]]:
    fields = {each.name: _SERIALIZERS[each.key](help_text=f"{each.key}: {each.question}") for each in metrics}
    return type(name, (serializers.Serializer,), fields)


TimeFiguresSerializer = _group("TimeFiguresSerializer", TIME_METRICS)
MoneyFiguresSerializer = _group("MoneyFiguresSerializer", MONEY_METRICS)
DatedMoneyFiguresSerializer = _group(
    "DatedMoneyFiguresSerializer", tuple(metric for metric in MONEY_METRICS if metric.has_months)
)


class CurrencyFiguresSerializer(serializers.Serializer[Any]):
    currency = serializers.CharField(help_text="ISO 4217 code; currencies are never added up, unless converted")
    figures = MoneyFiguresSerializer(source="metrics")


class MonthCurrencyFiguresSerializer(serializers.Serializer[Any]):
    currency = serializers.CharField()
    figures = DatedMoneyFiguresSerializer(source="metrics")


class MonthFiguresSerializer(serializers.Serializer[Any]):
    month = serializers.DateField(help_text="first day; the month is cut at the period's ends")
    time = TimeFiguresSerializer()
    currencies = MonthCurrencyFiguresSerializer(many=True)


class ReportPeriodSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(help_text="as asked")
    starts_on = serializers.DateField()
    ends_on = serializers.DateField(help_text="cut at today")
    today = serializers.DateField(help_text="in the firm's time zone")
    is_complete = serializers.BooleanField()


class DataAsOfSerializer(serializers.Serializer[Any]):
    last_synced_at = serializers.DateTimeField(source="data_as_of.last_synced_at", allow_null=True)
    mirror_version = serializers.IntegerField(source="data_as_of.mirror_version")
    ledger_version = serializers.IntegerField(
        source="ledger.mirror_version", default=None, allow_null=True, help_text="mirror version the figures are from"
    )
    ledger_built_at = serializers.DateTimeField(source="ledger.built_at", default=None, allow_null=True)


class QualityFlagSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    count = serializers.IntegerField()
    text = serializers.CharField()


class CompletenessSerializer(serializers.Serializer[Any]):
    hidden_rows = serializers.IntegerField(help_text="entries met whose hours or amounts Clio hides, each once")
    incomplete = serializers.ListField(
        child=serializers.CharField(),
        help_text="KPIs that met one, or lack refused records or rows without an exchange rate",
    )


class MetricDefinitionSerializer(serializers.Serializer[Any]):
    key = serializers.CharField()
    name = serializers.CharField(help_text="the field that holds it")
    title = serializers.CharField()
    question = serializers.CharField()
    unit = serializers.CharField(source="unit.value")
    formula = serializers.CharField()
    date_basis = serializers.CharField()
    definition = serializers.CharField()
    excludes = serializers.CharField()


class MonthStandingSerializer(serializers.Serializer[Any]):
    month = serializers.DateField(help_text="its first day")
    is_closed = serializers.BooleanField()
    version = serializers.IntegerField(help_text="of its close; 0: it is open")


class OverviewSerializer(serializers.Serializer[Any]):
    status = serializers.ChoiceField(
        choices=["ready", "loading", "not_connected"],
        help_text="loading: connected, the first sync has not ended, there are no figures yet",
    )
    scope = serializers.ChoiceField(
        choices=["whole_firm", "subset", "self"], help_text="whose rows the figures are from"
    )
    mode = serializers.SerializerMethodField(help_text="restated: history as it is known now")
    period = ReportPeriodSerializer()
    data_as_of = DataAsOfSerializer(source="*")
    completeness = CompletenessSerializer(source="*")
    data_quality = QualityFlagSerializer(source="flags", many=True)
    time = serializers.SerializerMethodField()
    currencies = CurrencyFiguresSerializer(many=True)
    conversion = ConversionSerializer(
        allow_null=True, help_text="the one currency has the money of all in it, converted; null: nothing is converted"
    )
    months = MonthFiguresSerializer(many=True)
    definitions = serializers.SerializerMethodField()
    closes = MonthStandingSerializer(many=True, help_text="the months the period touches, closed or open")

    def get_mode(self, _: Overview) -> str:
        """Return the knowledge mode (R5)."""
        return "restated"

    @extend_schema_field(TimeFiguresSerializer(allow_null=True))
    def get_time(self, overview: Overview) -> Any:
        """Return the hours, none while loading."""
        return TimeFiguresSerializer(overview.time).data if overview.time else None

    @extend_schema_field(MetricDefinitionSerializer(many=True))
    def get_definitions(self, _: Overview) -> Any:
        """Return what each KPI means."""
        return MetricDefinitionSerializer(OVERVIEW, many=True).data
