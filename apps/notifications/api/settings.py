"""HTTP entrances of what a person wants to hear, and when."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.core.permissions import caller
from apps.notifications.api import serializers
from apps.notifications.queries.matrix import read_matrix
from apps.notifications.queries.personal_times import find_digest_times, find_quiet_times
from apps.notifications.services.set_digest_hour import set_digest_hour
from apps.notifications.services.set_preferences import Change, set_preferences
from apps.notifications.services.set_quiet_hours import clear_quiet_hours, set_quiet_hours


class PreferencesView(APIView):
    @extend_schema(responses={200: serializers.MatrixSerializer})
    def get(self, request: Request) -> Response:
        """Show what the signed-in person gets, kind by kind and channel by channel."""
        return _matrix(request)

    @extend_schema(request=serializers.ChangesSerializer, responses={200: serializers.MatrixSerializer})
    def put(self, request: Request) -> Response:
        """Replace all choices: what is not named returns to its default."""
        return _change(request, replace=True)

    @extend_schema(request=serializers.ChangesSerializer, responses={200: serializers.MatrixSerializer})
    def patch(self, request: Request) -> Response:
        """Change the choices named, and no other."""
        return _change(request, replace=False)


class QuietHoursView(APIView):
    @extend_schema(responses={200: serializers.QuietHoursSerializer})
    def get(self, request: Request) -> Response:
        """Show the signed-in person's quiet hours."""
        return _quiet_hours(request)

    @extend_schema(request=serializers.QuietHoursInputSerializer, responses={200: serializers.QuietHoursSerializer})
    def put(self, request: Request) -> Response:
        """Set quiet hours; over midnight when the end is the earlier time."""
        given = serializers.QuietHoursInputSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        set_quiet_hours(user_id=caller(request).user_id, **given.validated_data)
        return _quiet_hours(request)

    @extend_schema(responses={204: None})
    def delete(self, request: Request) -> Response:
        """Have no quiet hours."""
        clear_quiet_hours(user_id=caller(request).user_id)
        return Response(status=204)


class DigestView(APIView):
    @extend_schema(responses={200: serializers.DigestSerializer})
    def get(self, request: Request) -> Response:
        """Show when the daily digest comes and what it gathers."""
        return _digest(request)

    @extend_schema(request=serializers.DigestInputSerializer, responses={200: serializers.DigestSerializer})
    def put(self, request: Request) -> Response:
        """Choose the local hour of the daily digest."""
        given = serializers.DigestInputSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        set_digest_hour(user_id=caller(request).user_id, hour=given.validated_data["hour"], now=timezone.now())
        return _digest(request)


def _change(request: Request, *, replace: bool) -> Response:
    given = serializers.ChangesSerializer(data=request.data)
    given.is_valid(raise_exception=True)
    changes = [Change(**change) for change in given.validated_data["changes"]]
    set_preferences(user_id=caller(request).user_id, changes=changes, now=timezone.now(), replace=replace)
    return _matrix(request)


def _matrix(request: Request) -> Response:
    return Response(serializers.MatrixSerializer({"categories": read_matrix(caller(request).user_id)}).data)


def _quiet_hours(request: Request) -> Response:
    times = find_quiet_times(caller(request).user_id, timezone.now())
    return Response(serializers.QuietHoursSerializer(times).data)


def _digest(request: Request) -> Response:
    return Response(serializers.DigestSerializer(find_digest_times(caller(request).user_id)).data)
