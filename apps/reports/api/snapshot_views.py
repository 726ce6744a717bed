"""HTTP entrances of the days a firm keeps."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.errors import FieldFault
from apps.core.idempotency import idempotent
from apps.core.pages import LARGEST_PAGE, PAGE_SIZE, InvalidCursor
from apps.core.permissions import caller
from apps.core.tenancy import tenant
from apps.core.views import FirmView
from apps.reports.api.address import parameters_of
from apps.reports.api.query_parameters import read_page_size
from apps.reports.contracts.snapshots import DayMark
from apps.reports.queries.snapshots import get_kept_day, list_kept_days
from apps.reports.services.take_snapshot import take_snapshot_now

_PAGE = [
    OpenApiParameter("cursor", str, description="Where the page begins; take it from `next` or `previous`."),
    OpenApiParameter("page_size", int, description=f"1 to {LARGEST_PAGE}, {PAGE_SIZE} if left out."),
]


class SnapshotSerializer(serializers.Serializer[Any]):
    day = serializers.DateField(help_text="in the firm's time zone")
    is_missing = serializers.BooleanField()
    why = serializers.ChoiceField(
        choices=["", "stale", "not_taken"],
        help_text="it is missing: Clio's data were too old, or nothing could be taken that night",
    )
    taken_at = serializers.DateTimeField(allow_null=True)
    is_end_of_day = serializers.BooleanField(help_text="taken when the day was over; an earlier one gives way to it")
    last_synced_at = serializers.DateTimeField(allow_null=True, help_text="how old Clio's data were")
    rows = serializers.IntegerField(help_text="that stood on the day")
    checksum = serializers.CharField(help_text="of these rows: it stays what it is as long as nobody changes one")


class SnapshotsSerializer(serializers.Serializer[Any]):
    next = serializers.URLField(allow_null=True, help_text="earlier days")
    previous = serializers.URLField(allow_null=True, help_text="later days")
    results = SnapshotSerializer(many=True)


class SnapshotsView(FirmView):
    @extend_schema(operation_id="firm_snapshots", parameters=_PAGE, responses={200: SnapshotsSerializer})
    def get(self, request: Request, **kwargs: object) -> Response:
        """List the days that were kept as they were known then, and those that are missing and why, newest first."""
        return super().get(request, **kwargs)

    def read(self, request: Request, **_: object) -> Response:
        """Answer from inside the firm's transaction."""
        parameters = parameters_of(request)
        mark, size = _read_mark(parameters.get("cursor", "")), read_page_size(parameters)
        page = list_kept_days(firm_id=self.access.firm_id, mark=mark, size=size)
        addresses = {"next": _address(request, page.next, size), "previous": _address(request, page.previous, size)}
        return Response({**addresses, "results": SnapshotSerializer(page.days, many=True).data})

    @extend_schema(operation_id="firm_snapshot_take", request=None, responses={201: SnapshotSerializer})
    @idempotent
    def post(self, request: Request, **_: object) -> Response:
        """Keep today as it is known now; what is kept at the end of the day takes its place."""
        firm_id = self.access.firm_id
        outcome = take_snapshot_now(firm_id=firm_id, now=timezone.now(), user_id=caller(request).user_id)
        with tenant(firm_id, read_only=True):
            return Response(SnapshotSerializer(get_kept_day(firm_id=firm_id, day=outcome.day)).data, status=201)


_NO_CURSOR = FieldFault("/cursor", "Take it from `next` or `previous`.")


def _read_mark(text: str) -> DayMark | None:
    if not text:
        return None
    try:
        if text[0] not in "fb":
            raise ValueError(text)
        return DayMark(date.fromisoformat(text[1:]), is_backwards=text[0] == "b")
    except ValueError as error:
        raise InvalidCursor("`cursor`: take it from `next` or `previous`.", faults=(_NO_CURSOR,)) from error


def _address(request: Request, mark: DayMark | None, size: int) -> str | None:
    if mark is None:
        return None
    cursor = f"{'b' if mark.is_backwards else 'f'}{mark.day}"
    return f"{request.build_absolute_uri(request.path)}?{urlencode({'cursor': cursor, 'page_size': size})}"
