"""Where people ask how a figure was made."""

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.pages import LARGEST_PAGE, PAGE_SIZE
from apps.core.views import FirmView
from apps.reports.api.address import named_as, parameters_of
from apps.reports.api.documented import QUESTION
from apps.reports.api.explanation_serializers import ExplanationSerializer
from apps.reports.api.query_parameters import names_of_cells, read_cell_question
from apps.reports.api.row_marks import page_address
from apps.reports.queries.merged_scope import as_merged
from apps.reports.services.explain_cell import explain_cell

_OF_QUERY = [each for each in QUESTION if each.name in ("period", "grain", "filter[dimension]", "compare", "currency")]
_CELL = [
    OpenApiParameter("item", str, required=True, description="The column: `collected.fees`."),
    OpenApiParameter(
        "cell[dimension]", str, description="The row's key, one parameter per dimension; `none` for what has none."
    ),
    OpenApiParameter("piece", str, description="The first day of a piece of the period, as `grain` cuts it."),
    OpenApiParameter("of", str, enum=["now", "compared"], description="`compared`: the earlier period's figure."),
    OpenApiParameter("cursor", str, description="Where the page begins; take it from `next` or `previous`."),
    OpenApiParameter("page_size", int, description=f"1 to {LARGEST_PAGE}, {PAGE_SIZE} if left out."),
]


class ExplainView(FirmView):
    @extend_schema(operation_id="firm_explain", parameters=[*_CELL, *_OF_QUERY], responses={200: ExplanationSerializer})
    def get(self, request: Request, **kwargs: object) -> Response:
        """Tell how one figure of an answer was made, with the rows behind it, which add up to it exactly.

        Take the address of the query, put `explain` for `query`, and add `item` and the row's keys; what else stands in
        it (`metrics`, `dimensions`, `sort`, the page) may stay and changes nothing.
        """
        return super().get(request, **kwargs)

    def read(self, request: Request, **_: object) -> Response:
        """Answer from inside the firm's transaction."""
        parameters = parameters_of(request)
        with named_as(names_of_cells(parameters)):
            explanation = explain_cell(
                scope=as_merged(self.access.scope),
                asked=read_cell_question(parameters),
                now=timezone.now(),
                permissions=self.access.permissions,
            )
        context = {"base": request.build_absolute_uri(request.path).removesuffix("explain")}
        body = ExplanationSerializer(explanation, context=context).data
        body |= {
            "next": page_address(request, explanation.next),
            "previous": page_address(request, explanation.previous),
        }
        return Response(body)
