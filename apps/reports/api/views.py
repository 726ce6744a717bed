"""HTTP entrances of reports."""

from datetime import datetime
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.reports.api.address import parameters_of
from apps.reports.api.answer_serializers import AnswerSerializer, MetricSerializer
from apps.reports.api.answers import AnswerView
from apps.reports.api.documented import OVERVIEW_CURRENCY, PERIOD, QUESTION
from apps.reports.api.query_parameters import read_overview_question, read_query
from apps.reports.api.serializers import OverviewSerializer
from apps.reports.metrics.catalogue import CATALOGUE
from apps.reports.queries.merged_scope import as_merged
from apps.reports.services.compute_answer import compute_answer
from apps.reports.services.compute_overview import compute_overview


class OverviewView(AnswerView):
    @extend_schema(
        operation_id="firm_overview",
        parameters=[PERIOD, OVERVIEW_CURRENCY],
        responses={200: OverviewSerializer, 304: None},
    )
    def get(self, request: Request, **kwargs: object) -> Response:
        """Show the firm's key figures for a period, with its months, in the caller's scope."""
        return super().get(request, **kwargs)

    def find(self, request: Request, *, now: datetime, **_: object) -> Any:
        """Answer from inside the firm's transaction."""
        period, currency = read_overview_question(parameters_of(request))
        overview = compute_overview(scope=as_merged(self.access.scope), period=period, currency=currency, now=now)
        return OverviewSerializer(overview).data


class QueryView(AnswerView):
    @extend_schema(operation_id="firm_query", parameters=QUESTION, responses={200: AnswerSerializer, 304: None})
    def get(self, request: Request, **kwargs: object) -> Response:
        """Answer a question: metrics by dimensions over a period, in the caller's scope."""
        return super().get(request, **kwargs)

    def find(self, request: Request, *, now: datetime, **_: object) -> Any:
        """Answer from inside the firm's transaction."""
        query = read_query(parameters_of(request))
        answer = compute_answer(
            scope=as_merged(self.access.scope),
            query=query,
            now=now,
            permissions=self.access.permissions,
        )
        return AnswerSerializer(answer).data


class MetricsView(APIView):
    @extend_schema(operation_id="metrics", responses={200: MetricSerializer(many=True)})
    def get(self, _: Request) -> Response:
        """List what every metric asks, how it is made, and what it may be broken down by."""
        return Response(MetricSerializer(CATALOGUE, many=True).data)
