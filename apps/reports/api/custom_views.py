"""HTTP entrances of reports that people of a firm make."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.access import ADMINISTRATORS, FirmAccess
from apps.core.idempotency import idempotent
from apps.core.permissions import caller
from apps.core.views import FirmView
from apps.reports.api import custom_serializers as serializers
from apps.reports.api.address import parameters_of
from apps.reports.api.answers import AnswerView
from apps.reports.api.documented import REPORT
from apps.reports.api.query_parameters import read_report_request
from apps.reports.api.report_serializers import ReportAnswerSerializer
from apps.reports.api.versions import etag, if_version
from apps.reports.contracts import Report
from apps.reports.errors import ReportNotFound
from apps.reports.queries.custom_reports import find_custom_report, list_custom_reports, list_versions, read_report
from apps.reports.queries.merged_scope import as_merged
from apps.reports.rules.definitions import read_definition
from apps.reports.services.run_report import run_report
from apps.reports.services.save_report import Author, change_report, create_report, remove_report

_SUBJECT = "report"
_IF_MATCH = OpenApiParameter("If-Match", str, OpenApiParameter.HEADER, description="The ETag that was read.")


class CustomReportsView(FirmView):
    @extend_schema(operation_id="custom_reports", responses={200: serializers.CustomReportSerializer(many=True)})
    def get(self, request: Request, **kwargs: object) -> Response:
        """List one's own reports and those the firm shares."""
        return super().get(request, **kwargs)

    def read(self, request: Request, **_: object) -> Response:
        """Answer from inside the firm's transaction."""
        user_id = caller(request).user_id
        rows = list_custom_reports(firm_id=self.access.firm_id, user_id=user_id)
        context = _reader(self.access, request)
        return Response(serializers.CustomReportSerializer(rows, many=True, context=context).data)

    @extend_schema(
        operation_id="custom_report_create",
        request=serializers.CustomReportInputSerializer,
        responses={201: serializers.CustomReportSerializer},
    )
    @idempotent
    def post(self, request: Request, **_: object) -> Response:
        """Keep a report: any metrics by any dimensions that fit together, checked field by field."""
        report, is_shared = _given(request)
        author = _author(self.access, request)
        row = create_report(author=author, report=report, is_shared=is_shared, now=timezone.now())
        return _shown(self.access, row, request, status=201)


class CustomReportView(FirmView):
    @extend_schema(operation_id="custom_report", responses={200: serializers.CustomReportSerializer})
    def get(self, request: Request, **kwargs: object) -> Response:
        """Show how a report is declared."""
        return super().get(request, **kwargs)

    def read(self, request: Request, *, report_id: UUID, **_: object) -> Response:
        """Answer from inside the firm's transaction."""
        return _shown(self.access, _get(self.access, request, report_id), request)

    @extend_schema(
        operation_id="custom_report_change",
        parameters=[_IF_MATCH],
        request=serializers.CustomReportInputSerializer,
        responses={200: serializers.CustomReportSerializer},
    )
    def put(self, request: Request, *, report_id: UUID, **_: object) -> Response:
        """Make a report what is sent, as its next version."""
        report, is_shared = _given(request)
        row = change_report(
            author=_author(self.access, request),
            public_id=report_id,
            report=report,
            is_shared=is_shared,
            if_version=if_version(request, _SUBJECT),
            now=timezone.now(),
        )
        return _shown(self.access, row, request)

    @extend_schema(operation_id="custom_report_remove", responses={204: None})
    def delete(self, request: Request, *, report_id: UUID, **_: object) -> Response:
        """Remove a report with all its versions."""
        remove_report(author=_author(self.access, request), public_id=report_id)
        return Response(status=204)


class CustomReportVersionsView(FirmView):
    @extend_schema(
        operation_id="custom_report_versions", responses={200: serializers.CustomReportVersionSerializer(many=True)}
    )
    def get(self, request: Request, **kwargs: object) -> Response:
        """List what a report was before, the newest first; sending one back as a change brings it back."""
        return super().get(request, **kwargs)

    def read(self, request: Request, *, report_id: UUID, **_: object) -> Response:
        """Answer from inside the firm's transaction."""
        versions = list_versions(_get(self.access, request, report_id))
        context = _reader(self.access, request)
        return Response(serializers.CustomReportVersionSerializer(versions, many=True, context=context).data)


class CustomReportAnswerView(AnswerView):
    @extend_schema(
        operation_id="custom_report_answer", parameters=REPORT, responses={200: ReportAnswerSerializer, 304: None}
    )
    def get(self, request: Request, **kwargs: object) -> Response:
        """Run a report in the caller's own scope, whoever made it."""
        return super().get(request, **kwargs)

    def depends_on(self, request: Request, *, report_id: UUID, **_: object) -> object:
        """Return the report's version and whose it is. Raises ReportNotFound where the caller may not see it."""
        row = _get(self.access, request, report_id)
        return row.version, row.owner_id == caller(request).user_id

    def find(self, request: Request, *, now: datetime, report_id: UUID, **_: object) -> Any:
        """Answer from inside the firm's transaction."""
        row = _get(self.access, request, report_id)
        run = run_report(
            scope=as_merged(self.access.scope),
            report=read_report(row, **_reader(self.access, request)),
            asked=read_report_request(parameters_of(request)),
            now=now,
            permissions=self.access.permissions,
        )
        return ReportAnswerSerializer(run).data


def _given(request: Request) -> tuple[Report, bool]:
    given = serializers.CustomReportInputSerializer(data=request.data)
    given.is_valid(raise_exception=True)
    definition: dict[str, Any] = dict(given.validated_data)
    is_shared: bool = definition.pop("is_shared")
    return read_definition(definition, key=""), is_shared


def _author(access: FirmAccess, request: Request) -> Author:
    return Author(
        firm_id=access.firm_id,
        user_id=caller(request).user_id,
        permissions=access.permissions,
        is_administrator=access.role in ADMINISTRATORS,
    )


def _get(access: FirmAccess, request: Request, report_id: UUID) -> Any:
    row = find_custom_report(firm_id=access.firm_id, user_id=caller(request).user_id, public_id=report_id)
    if row is None:
        raise ReportNotFound
    return row


def _reader(access: FirmAccess, request: Request) -> dict[str, Any]:
    """Return who reads a report, as its words depend on it."""
    return {"scope": access.scope, "user_id": caller(request).user_id}


def _shown(access: FirmAccess, row: Any, request: Request, *, status: int = 200) -> Response:
    body = serializers.CustomReportSerializer(row, context=_reader(access, request)).data
    return Response(body, status=status, headers={"ETag": etag(_SUBJECT, row.version)})
