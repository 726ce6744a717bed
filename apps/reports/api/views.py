"""HTTP entrances of reports."""

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.core.access import Extra
from apps.core.views import FirmView
from apps.reports.api.answer_serializers import AnswerSerializer, MetricSerializer
from apps.reports.api.query_parameters import read_query
from apps.reports.api.serializers import OverviewSerializer
from apps.reports.contracts import Comparison, Dimension, Grain
from apps.reports.metrics.catalogue import CATALOGUE
from apps.reports.rules.periods import PRESETS
from apps.reports.services.compute_answer import compute_answer
from apps.reports.services.compute_overview import compute_overview
from apps.reports.services.find_standing import DEFAULT_PERIOD

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


_QUESTION = [
    OpenApiParameter("metrics", str, required=True, description="Names of metrics, separated by commas."),
    OpenApiParameter("dimensions", str, description=f"At most three of {', '.join(Dimension)}, separated by commas."),
    OpenApiParameter("grain", str, enum=list(Grain), description="Cuts the period into pieces."),
    _PERIOD,
    OpenApiParameter(
        "filter[dimension]", str, description="Only these values, separated by commas; `none` for what has none."
    ),
    OpenApiParameter("compare", str, enum=list(Comparison), description="The period to set beside."),
    OpenApiParameter("currency", str, description="Money in this currency; the firm's if left out."),
    OpenApiParameter("sort", str, description="A column or a dimension; `-` before it: the largest first."),
    OpenApiParameter("limit", int, description="Rows of the page, 100 if left out."),
    OpenApiParameter("offset", int, description="Rows before the page."),
]


class QueryView(FirmView):
    @extend_schema(operation_id="firm_query", parameters=_QUESTION, responses={200: AnswerSerializer})
    def get(self, request: Request, **kwargs: object) -> Response:
        """Answer a question: metrics by dimensions over a period, in the caller's scope."""
        return super().get(request, **kwargs)

    def read(self, request: Request, **_: object) -> Response:
        """Answer from inside the firm's transaction."""
        query = read_query(request.query_params.dict())
        answer = compute_answer(
            scope=self.access.scope,
            query=query,
            now=timezone.now(),
            tells_people=Extra.NAMES in self.access.permissions,
        )
        return Response(AnswerSerializer(answer).data)


class MetricsView(APIView):
    @extend_schema(operation_id="metrics", responses={200: MetricSerializer(many=True)})
    def get(self, _: Request) -> Response:
        """List what every metric asks, how it is made, and what it may be broken down by."""
        return Response(MetricSerializer(CATALOGUE, many=True).data)
