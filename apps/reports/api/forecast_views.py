"""HTTP entrance of the forecast of collections."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.views import FirmView
from apps.reports.api.address import parameters_of
from apps.reports.api.documented import ONE_CURRENCY
from apps.reports.api.query_parameters import read_forecast_currency
from apps.reports.queries.merged_scope import as_merged
from apps.reports.services.compute_forecast import compute_forecast


class ForecastWeekSerializer(serializers.Serializer[Any]):
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()
    from_receivables = serializers.CharField(help_text="of what bills still owe")
    from_unbilled = serializers.CharField(help_text="of work not billed yet")
    total = serializers.CharField()
    low = serializers.CharField(allow_null=True, help_text="of the band of 80%")
    high = serializers.CharField(allow_null=True)


class PastForecastSerializer(serializers.Serializer[Any]):
    made_on = serializers.DateField()
    expected = serializers.CharField(help_text="in the 13 weeks from that day, by what was known then")
    came_in = serializers.CharField(help_text="of the same bills and work")
    is_back_test = serializers.BooleanField(help_text="made afterwards; else kept as it was made, and scored")
    method_version = serializers.IntegerField()


class ForecastSerializer(serializers.Serializer[Any]):
    status = serializers.CharField(help_text="ready, loading, not_connected, or too_short: under 12 months of bills")
    scope = serializers.CharField()
    currency = serializers.CharField()
    made_on = serializers.DateField(help_text="today in the firm's time zone")
    weeks = ForecastWeekSerializer(many=True)
    past = PastForecastSerializer(
        many=True, help_text="how earlier quarters were told, or would have been; latest first"
    )
    method = serializers.CharField()
    method_version = serializers.IntegerField()


class ForecastView(FirmView):
    @extend_schema(operation_id="firm_forecast", parameters=[ONE_CURRENCY], responses={200: ForecastSerializer})
    def get(self, request: Request, **kwargs: object) -> Response:
        """Forecast what comes in in the next 13 weeks, of what is owed and unbilled in the caller's scope."""
        return super().get(request, **kwargs)

    def read(self, request: Request, **_: object) -> Response:
        """Answer from inside the firm's transaction."""
        currency = read_forecast_currency(parameters_of(request))
        scope = as_merged(self.access.scope)
        forecast = compute_forecast(scope=scope, currency=currency, now=timezone.now())
        return Response(ForecastSerializer(forecast).data)
