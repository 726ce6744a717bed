"""HTTP entrances of reports: the standard ones there are, and what each answers."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.views import FirmView
from apps.reports.api.address import parameters_of
from apps.reports.api.answers import AnswerView
from apps.reports.api.documented import REPORT
from apps.reports.api.query_parameters import read_report_request
from apps.reports.api.report_serializers import ReportAnswerSerializer, ReportSerializer
from apps.reports.queries.merged_scope import as_merged
from apps.reports.services.run_report import run_report
from apps.reports.standard.catalogue import REPORTS, get_standard_report


class ReportsView(FirmView):
    @extend_schema(operation_id="firm_reports", responses={200: ReportSerializer(many=True)})
    def get(self, request: Request, **kwargs: object) -> Response:
        """List the standard reports: what each asks, its tables, and what they may be grouped by."""
        return super().get(request, **kwargs)

    def read(self, request: Request, **_: object) -> Response:
        """Answer from inside the firm's transaction."""
        return Response(ReportSerializer(REPORTS, many=True).data)


class ReportView(AnswerView):
    @extend_schema(
        operation_id="firm_report",
        parameters=REPORT,
        responses={200: ReportAnswerSerializer, 304: None, 307: OpenApiResponse(description="answered elsewhere")},
    )
    def get(self, request: Request, **kwargs: object) -> Response:
        """Run a standard report in the caller's scope; one with an address of its own leads there."""
        return super().get(request, **kwargs)

    def read(self, request: Request, **kwargs: Any) -> HttpResponseBase:
        """Answer from inside the firm's transaction."""
        report = get_standard_report(kwargs["report_key"])
        if not report.address:
            return super().read(request, **kwargs)
        place = f"{request.path.partition('/reports/')[0]}/{report.address}"
        asked = request.META.get("QUERY_STRING", "")
        answer = HttpResponse(status=307)
        answer["Location"] = f"{place}?{asked}" if asked else place
        return answer

    def find(self, request: Request, *, now: datetime, report_key: str, **_: object) -> Any:
        """Answer from inside the firm's transaction."""
        run = run_report(
            scope=as_merged(self.access.scope),
            report=get_standard_report(report_key),
            asked=read_report_request(parameters_of(request)),
            now=now,
            permissions=self.access.permissions,
        )
        return ReportAnswerSerializer(run).data
