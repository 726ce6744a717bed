"""HTTP entrances of target hours per timekeeper."""

from datetime import date

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.api import firm_serializers as serializers
from apps.accounts.queries.target_hours import list_target_rows
from apps.accounts.services.set_target_hours import remove_target_hours, set_target_hours
from apps.core.permissions import caller
from apps.core.views import FirmView


class TargetHoursView(FirmView):
    route_name = "firm-target-hours"

    @extend_schema(operation_id="firm_target_hours", responses={200: serializers.TargetHoursSerializer(many=True)})
    def get(self, request: Request, **kwargs: object) -> Response:
        """List the billable hours a month each timekeeper is meant to reach, and from which month on."""
        return super().get(request, **kwargs)

    def read(self, request: Request, **_: object) -> Response:
        """Answer from inside the firm's transaction."""
        rows = list_target_rows(scope=self.access.scope)
        return Response(serializers.TargetHoursSerializer(rows, many=True).data)

    @extend_schema(
        operation_id="firm_target_hours_set",
        request=serializers.TargetHoursInputSerializer,
        responses={200: serializers.TargetHoursSerializer},
    )
    def post(self, request: Request, **_: object) -> Response:
        """Set a timekeeper's target from a month on; a row of that month is replaced, earlier months keep theirs."""
        given = serializers.TargetHoursInputSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        row = set_target_hours(
            firm_id=self.access.firm_id,
            actor_id=caller(request).user_id,
            timekeeper_id=given.validated_data["timekeeper_id"],
            starts_on=date.fromisoformat(f"{given.validated_data['from_month']}-01"),
            monthly_hours=given.validated_data["monthly_hours"],
            now=timezone.now(),
        )
        return Response(serializers.TargetHoursSerializer(row).data)


class TargetHoursRowView(FirmView):
    route_name = "firm-target-hours-row"

    @extend_schema(operation_id="firm_target_hours_remove", responses={204: None})
    def delete(self, request: Request, *, target_id: int, **_: object) -> Response:
        """Remove a row: the one before it holds on."""
        remove_target_hours(firm_id=self.access.firm_id, actor_id=caller(request).user_id, target_id=target_id)
        return Response(status=204)
