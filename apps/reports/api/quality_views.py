"""Where people see what is wrong in the records behind the figures, and what to mend in Clio."""

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.pages import LARGEST_PAGE, PAGE_SIZE
from apps.core.views import FirmView
from apps.reports.api.address import parameters_of
from apps.reports.api.quality_serializers import QualityReportSerializer, WorklistSerializer
from apps.reports.api.query_parameters import read_page_of_rows
from apps.reports.api.row_marks import page_address
from apps.reports.queries.merged_scope import as_merged
from apps.reports.services.assess_quality import assess_quality, list_faulty_rows

_PAGE = [
    OpenApiParameter("cursor", str, description="Where the page begins; take it from `next` or `previous`."),
    OpenApiParameter("page_size", int, description=f"1 to {LARGEST_PAGE}, {PAGE_SIZE} if left out."),
]


class DataQualityView(FirmView):
    @extend_schema(operation_id="firm_data_quality", responses={200: QualityReportSerializer})
    def get(self, request: Request, **kwargs: object) -> Response:
        """Show what every check finds in the records of the caller's scope, and how old each entity is."""
        return super().get(request, **kwargs)

    def read(self, _: Request, **__: object) -> Response:
        """Answer from inside the firm's transaction."""
        report = assess_quality(
            scope=as_merged(self.access.scope), now=timezone.now(), permissions=self.access.permissions
        )
        return Response(QualityReportSerializer(report).data)


class WorklistView(FirmView):
    @extend_schema(operation_id="firm_data_quality_check", parameters=_PAGE, responses={200: WorklistSerializer})
    def get(self, request: Request, **kwargs: object) -> Response:
        """List the records a check finds, each with where to mend it."""
        return super().get(request, **kwargs)

    def read(self, request: Request, *, check: str, **_: object) -> Response:
        """Answer from inside the firm's transaction."""
        mark, size = read_page_of_rows(parameters_of(request))
        worklist = list_faulty_rows(
            scope=as_merged(self.access.scope),
            check=check,
            mark=mark,
            size=size,
            now=timezone.now(),
            permissions=self.access.permissions,
        )
        base = request.build_absolute_uri(request.path).removesuffix(f"data-quality/{check}")
        body = WorklistSerializer(worklist, context={"base": base}).data
        body |= {"next": page_address(request, worklist.next), "previous": page_address(request, worklist.previous)}
        return Response(body)
