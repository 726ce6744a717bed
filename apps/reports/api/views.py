"""HTTP entrances of reports."""

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.views import FirmView
from apps.reports.api.serializers import OverviewSerializer
from apps.reports.rules.periods import PRESETS
from apps.reports.services.compute_overview import DEFAULT_PERIOD, compute_overview

_PERIOD = OpenApiParameter(
    "period",
    str,
    description=(
        f"One of {', '.join(PRESETS)}; a month such as `2025-03`; or `2025-01-01..2025-03-31`, both days included. "
        f"In the firm's time zone and fiscal year; `{DEFAULT_PERIOD}` if left out."
    ),
)


class OverviewView(FirmView):
    @extend_schema(operation_id="firm_overview", parameters=[_PERIOD], responses={200: OverviewSerializer})
    def get(self, request: Request, **kwargs: object) -> Response:
        """Show the firm's key figures for a period, with its months, in the caller's scope."""
        return super().get(request, **kwargs)

    def read(self, request: Request, **_: object) -> Response:
        """Answer from inside the firm's transaction."""
        period = request.query_params.get("period", "")
        overview = compute_overview(scope=self.access.scope, period=period, now=timezone.now())
        return Response(OverviewSerializer(overview).data)
