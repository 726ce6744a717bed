"""Where a firm closes its months, reopens them, and sees what has changed since."""

from typing import Any
from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.idempotency import idempotent
from apps.core.pages import LARGEST_PAGE, PAGE_SIZE
from apps.core.permissions import caller
from apps.core.views import FirmView
from apps.reports.api import closing_serializers as serializers
from apps.reports.api.address import named_as, parameters_of
from apps.reports.api.documented import ONE_CURRENCY, QUESTION
from apps.reports.api.query_parameters import read_adjustments_question
from apps.reports.api.row_marks import page_address
from apps.reports.errors import CloseNotFound
from apps.reports.queries.closes import find_close, list_closes
from apps.reports.queries.merged_scope import as_merged
from apps.reports.services.close_month import close_month
from apps.reports.services.list_adjustments import list_adjustments
from apps.reports.services.reopen_month import reopen_month

_OF_ADJUSTMENTS = [
    OpenApiParameter("item", str, required=True, description="The figure: `collected.fees`."),
    *[each for each in QUESTION if each.name == "filter[dimension]"],
    ONE_CURRENCY,
    OpenApiParameter("cursor", str, description="Where the page begins; take it from `next` or `previous`."),
    OpenApiParameter("page_size", int, description=f"1 to {LARGEST_PAGE}, {PAGE_SIZE} if left out."),
]


class ClosesView(FirmView):
    @extend_schema(operation_id="firm_closes", responses={200: serializers.CloseSerializer(many=True)})
    def get(self, request: Request, **kwargs: object) -> Response:
        """List every closing of the firm's months, reopened ones too: the latest month first."""
        return super().get(request, **kwargs)

    def read(self, _: Request, **__: object) -> Response:
        """Answer from inside the firm's transaction."""
        return Response(serializers.CloseSerializer(list_closes(scope=self.access.scope), many=True).data)

    @extend_schema(
        operation_id="firm_close_month",
        request=serializers.CloseInputSerializer,
        responses={201: serializers.CloseSerializer},
    )
    @idempotent
    def post(self, request: Request, **_: object) -> Response:
        """Close a month that is over: its figures stay readable as they are now, whatever changes later.

        409 while the month is not over, the first sync runs, the numbers are being brought up to date, or the month is
        closed.
        """
        given = serializers.CloseInputSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        close = close_month(
            firm_id=self.access.firm_id,
            actor_id=caller(request).user_id,
            month=given.validated_data["month"],
            now=timezone.now(),
        )
        return Response(serializers.CloseSerializer(close).data, status=201)


class CloseView(FirmView):
    @extend_schema(operation_id="firm_close", responses={200: serializers.CloseSerializer})
    def get(self, request: Request, **kwargs: object) -> Response:
        """Show a closing of a month."""
        return super().get(request, **kwargs)

    def read(self, _: Request, *, close_id: UUID, **__: object) -> Response:
        """Answer from inside the firm's transaction."""
        close = find_close(scope=self.access.scope, public_id=close_id)
        if close is None:
            raise CloseNotFound
        return Response(serializers.CloseSerializer(close).data)


class ReopenView(FirmView):
    @extend_schema(
        operation_id="firm_close_reopen",
        request=serializers.ReopenInputSerializer,
        responses={200: serializers.CloseSerializer},
    )
    def post(self, request: Request, *, close_id: UUID, **_: object) -> Response:
        """Reopen a closed month, for a reason; closing it again makes its next version."""
        given = serializers.ReopenInputSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        close = reopen_month(
            firm_id=self.access.firm_id,
            actor_id=caller(request).user_id,
            close_id=close_id,
            reason=given.validated_data["reason"],
            now=timezone.now(),
        )
        return Response(serializers.CloseSerializer(close).data)


class AdjustmentsView(FirmView):
    @extend_schema(
        operation_id="firm_close_adjustments",
        parameters=_OF_ADJUSTMENTS,
        responses={200: serializers.AdjustmentsSerializer},
    )
    def get(self, request: Request, **kwargs: object) -> Response:
        """Tell what has changed of a figure since its month was closed, with the rows that make the difference.

        Their differences add up to that of each sum exactly. 409 of a close that was undone.
        """
        return super().get(request, **kwargs)

    def read(self, request: Request, *, close_id: UUID, **_: object) -> Response:
        """Answer from inside the firm's transaction."""
        with named_as({"metrics": "item", "compare": "item"}):
            found = list_adjustments(
                scope=as_merged(self.access.scope),
                close_id=close_id,
                asked=read_adjustments_question(parameters_of(request)),
                now=timezone.now(),
                permissions=self.access.permissions,
            )
        base = request.build_absolute_uri(request.path).partition("closes/")[0]
        body: dict[str, Any] = {**serializers.AdjustmentsSerializer(found, context={"base": base}).data}
        body |= {"next": page_address(request, found.next), "previous": page_address(request, found.previous)}
        return Response(body)
