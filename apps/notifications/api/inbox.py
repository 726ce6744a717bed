"""HTTP entrances of a person's inbox and of how their messages went."""

from typing import Any
from uuid import UUID

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.core.errors import FieldFault, InvalidInput
from apps.core.pages import page_body, read_cursor
from apps.core.permissions import caller
from apps.notifications.api import serializers
from apps.notifications.contracts import Box
from apps.notifications.queries.history import list_own_deliveries
from apps.notifications.queries.inbox import count_unread
from apps.notifications.services import keep_inbox
from apps.notifications.services.list_inbox import list_inbox

PAGE_PARAMETERS = [
    OpenApiParameter("cursor", OpenApiTypes.STR, description="from `next` or `previous`"),
    OpenApiParameter("page_size", OpenApiTypes.INT, description="1 to 100; 50 unless told"),
]
_BOX = OpenApiParameter("box", OpenApiTypes.STR, enum=[box.value for box in Box], description="`inbox` unless told")


class InboxView(APIView):
    @extend_schema(
        operation_id="my_notifications",
        parameters=[_BOX, *PAGE_PARAMETERS],
        responses={200: serializers.NotificationPageSerializer},
    )
    def get(self, request: Request) -> Response:
        """List the signed-in person's notifications, the newest first."""
        user_id, box = caller(request).user_id, _read_box(request)
        page, messages = list_inbox(user_id=user_id, box=box, cursor=read_cursor(request.query_params))
        return Response(page_body(request, page, list(serializers.NotificationSerializer(messages, many=True).data)))


class UnreadView(APIView):
    @extend_schema(responses={200: serializers.UnreadSerializer})
    def get(self, request: Request) -> Response:
        """Count the unread notifications, as far as a badge shows."""
        return Response(serializers.UnreadSerializer(count_unread(caller(request).user_id)).data)


class ReadAllView(APIView):
    @extend_schema(request=serializers.ReadAllSerializer, responses={200: serializers.ReadAllAnswerSerializer})
    def post(self, request: Request) -> Response:
        """Mark everything in the inbox as read."""
        given = serializers.ReadAllSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        marked = keep_inbox.mark_all_read(user_id=caller(request).user_id, **given.validated_data)
        return Response({"marked": marked})


class ReadView(APIView):
    @extend_schema(request=None, responses={204: None})
    def post(self, request: Request, notification_id: UUID) -> Response:
        """Mark one notification as read; again changes nothing."""
        keep_inbox.mark_read(user_id=caller(request).user_id, public_id=notification_id)
        return Response(status=204)


class ArchiveView(APIView):
    @extend_schema(request=None, responses={204: None})
    def post(self, request: Request, notification_id: UUID) -> Response:
        """Put one notification into the archive; again changes nothing."""
        keep_inbox.archive(user_id=caller(request).user_id, public_id=notification_id)
        return Response(status=204)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, notification_id: UUID) -> Response:
        """Take one notification back from the archive; again changes nothing."""
        keep_inbox.take_from_archive(user_id=caller(request).user_id, public_id=notification_id)
        return Response(status=204)


class DeliveriesView(APIView):
    @extend_schema(
        operation_id="my_deliveries",
        parameters=PAGE_PARAMETERS,
        responses={200: serializers.DeliveryPageSerializer},
    )
    def get(self, request: Request) -> Response:
        """List the emails and text messages to the signed-in person and how they went, the newest first."""
        page, rows = list_own_deliveries(caller(request).user_id, read_cursor(request.query_params))
        return Response(page_body(request, page, list(serializers.DeliverySerializer(rows, many=True).data)))


def _read_box(request: Request) -> Box:
    given: Any = request.query_params.get("box", Box.INBOX.value)
    try:
        return Box(given)
    except ValueError:
        fault = FieldFault("/box", f"Choose one of: {', '.join(Box)}.", "not_offered")
        raise InvalidInput(faults=(fault,)) from None
