"""HTTP entrances of accounts."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.api import serializers
from apps.accounts.contracts import Origin
from apps.accounts.queries.firms import get_firm_profile, list_memberships
from apps.accounts.queries.people import get_user
from apps.accounts.services.create_firm import create_firm
from apps.accounts.services.end_session import end_session
from apps.accounts.services.log_in import log_in
from apps.accounts.services.refresh_session import refresh_session
from apps.accounts.services.register_person import register_person
from apps.accounts.services.start_session import start_session
from apps.core.idempotency import idempotent
from apps.core.permissions import caller
from apps.core.views import FirmView


def _origin(request: Request) -> Origin:
    return Origin(ip=request.META.get("REMOTE_ADDR") or None, user_agent=request.headers.get("User-Agent", ""))


class RegisterView(APIView):
    authentication_classes = ()

    @extend_schema(request=serializers.RegistrationSerializer, responses={201: serializers.TokenPairSerializer})
    def post(self, request: Request) -> Response:
        """Register a person and sign them in. A welcome mail is on its way."""
        given = serializers.RegistrationSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        user_id = register_person(**given.validated_data)
        pair = start_session(user_id=user_id, origin=_origin(request), now=timezone.now())
        return Response(serializers.TokenPairSerializer(pair).data, status=201)


class LoginView(APIView):
    authentication_classes = ()

    @extend_schema(request=serializers.CredentialsSerializer, responses={200: serializers.TokenPairSerializer})
    def post(self, request: Request) -> Response:
        """Sign in with address and password."""
        given = serializers.CredentialsSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        pair = log_in(**given.validated_data, origin=_origin(request), now=timezone.now())
        return Response(serializers.TokenPairSerializer(pair).data)


class RefreshView(APIView):
    authentication_classes = ()

    @extend_schema(request=serializers.RefreshSerializer, responses={200: serializers.TokenPairSerializer})
    def post(self, request: Request) -> Response:
        """Exchange a refresh token for a new pair; the old one is spent."""
        given = serializers.RefreshSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        pair = refresh_session(refresh=given.validated_data["refresh"], now=timezone.now())
        return Response(serializers.TokenPairSerializer(pair).data)


class LogoutView(APIView):
    @extend_schema(request=serializers.LogoutSerializer, responses={204: None})
    def post(self, request: Request) -> Response:
        """Sign out here, or everywhere."""
        given = serializers.LogoutSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        session_id = None if given.validated_data["everywhere"] else caller(request).session_id
        end_session(user_id=caller(request).user_id, session_id=session_id, now=timezone.now())
        return Response(status=204)


class MeView(APIView):
    @extend_schema(responses={200: serializers.PersonSerializer})
    def get(self, request: Request) -> Response:
        """Show the signed-in person."""
        return Response(serializers.PersonSerializer(get_user(user_id=caller(request).user_id)).data)


class FirmsView(APIView):
    @extend_schema(operation_id="my_firms", responses={200: serializers.MyFirmSerializer(many=True)})
    def get(self, request: Request) -> Response:
        """List the firms the signed-in person belongs to, with role and scope."""
        memberships = list_memberships(user_id=caller(request).user_id)
        return Response(serializers.MyFirmSerializer(memberships, many=True).data)

    @extend_schema(request=serializers.NewFirmSerializer, responses={201: serializers.FirmSerializer})
    @idempotent
    def post(self, request: Request) -> Response:
        """Create a firm; the caller becomes its owner. Honors `Idempotency-Key`."""
        given = serializers.NewFirmSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        profile = create_firm(owner_id=caller(request).user_id, **given.validated_data)
        return Response(serializers.FirmSerializer(profile).data, status=201)


class FirmDetailView(FirmView):
    @extend_schema(responses={200: serializers.FirmSerializer})
    def get(self, request: Request, **kwargs: object) -> Response:
        """Show one of the caller's firms."""
        return super().get(request, **kwargs)

    def read(self, request: Request, **_: object) -> Response:
        """Answer from inside the firm's transaction."""
        return Response(serializers.FirmSerializer(get_firm_profile(firm_id=self.access.firm_id)).data)
