"""HTTP entrances of a person's own safety: sessions, second factors, step-up; and what a firm demands."""

from uuid import UUID

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.api import entry_serializers as shapes
from apps.accounts.api.origin import origin_of
from apps.accounts.queries.factors import get_factor_state, get_firm_security
from apps.accounts.queries.sessions import list_open_sessions
from apps.accounts.rules.methods import APP, SMS
from apps.accounts.services.end_session import end_listed_session
from apps.accounts.services.recovery_codes import renew_recovery_codes
from apps.accounts.services.remove_factor import remove_factor
from apps.accounts.services.set_firm_security import set_firm_security
from apps.accounts.services.set_up_authenticator import begin_authenticator, confirm_authenticator
from apps.accounts.services.set_up_phone import begin_phone, confirm_phone
from apps.accounts.services.step_up import send_step_up_code, step_up
from apps.core.errors import NotAuthenticated
from apps.core.permissions import caller
from apps.core.views import FirmView


def _session_id(request: Request) -> int:
    session_id = caller(request).session_id
    if session_id is None:
        raise NotAuthenticated
    return session_id


def _codes(codes: tuple[str, ...]) -> Response:
    return Response(shapes.RecoveryCodesSerializer({"recovery_codes": codes}).data)


class SessionsView(APIView):
    @extend_schema(operation_id="my_sessions", responses={200: shapes.SessionSerializer(many=True)})
    def get(self, request: Request) -> Response:
        """List where the person is signed in: device and place of the last use."""
        who = caller(request)
        sessions = list_open_sessions(user_id=who.user_id, current_id=who.session_id, now=timezone.now())
        return Response(shapes.SessionSerializer(sessions, many=True).data)


class SessionDetailView(APIView):
    @extend_schema(responses={204: None})
    def delete(self, request: Request, session_id: UUID) -> Response:
        """Sign one device out."""
        end_listed_session(user_id=caller(request).user_id, public_id=session_id, now=timezone.now())
        return Response(status=204)


class StepUpView(APIView):
    @extend_schema(request=shapes.StepUpSerializer, responses={204: None})
    def post(self, request: Request) -> Response:
        """Prove the second step again, or the password where there is none; sensitive acts are open for ten minutes."""
        given = shapes.StepUpSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        step_up(
            user_id=caller(request).user_id,
            session_id=_session_id(request),
            **given.validated_data,
            origin=origin_of(request),
            now=timezone.now(),
        )
        return Response(status=204)


class StepUpCodeView(APIView):
    @extend_schema(request=None, responses={202: None})
    def post(self, request: Request) -> Response:
        """Text a code for the step-up."""
        send_step_up_code(user_id=caller(request).user_id, origin=origin_of(request), now=timezone.now())
        return Response(status=202)


class SecondFactorView(APIView):
    @extend_schema(responses={200: shapes.FactorStateSerializer})
    def get(self, request: Request) -> Response:
        """Show the person's second factors."""
        return Response(shapes.FactorStateSerializer(get_factor_state(user_id=caller(request).user_id)).data)


class AppFactorView(APIView):
    @extend_schema(request=shapes.OwnPasswordSerializer, responses={201: shapes.NewAuthenticatorSerializer})
    def post(self, request: Request) -> Response:
        """Begin to set up an authenticator app: its key and the QR code."""
        given = shapes.OwnPasswordSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        who = caller(request)
        begun = begin_authenticator(
            user_id=who.user_id, factor_at=who.factor_at, **given.validated_data, now=timezone.now()
        )
        return Response(shapes.NewAuthenticatorSerializer(begun).data, status=201)

    @extend_schema(responses={204: None})
    def delete(self, request: Request) -> Response:
        """Remove the authenticator app. Needs a step-up."""
        remove_factor(user_id=caller(request).user_id, method=APP, origin=origin_of(request), now=timezone.now())
        return Response(status=204)


class AppFactorConfirmView(APIView):
    @extend_schema(request=shapes.CodeSerializer, responses={200: shapes.RecoveryCodesSerializer})
    def post(self, request: Request) -> Response:
        """Confirm the app by its first code."""
        given = shapes.CodeSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        codes = confirm_authenticator(
            user_id=caller(request).user_id,
            session_id=_session_id(request),
            **given.validated_data,
            origin=origin_of(request),
            now=timezone.now(),
        )
        return _codes(codes)


class SmsFactorView(APIView):
    @extend_schema(request=shapes.NewPhoneSerializer, responses={202: None})
    def post(self, request: Request) -> Response:
        """Begin to set up text messages: a code goes to the number."""
        given = shapes.NewPhoneSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        who = caller(request)
        begin_phone(
            user_id=who.user_id,
            number=given.validated_data["phone"],
            factor_at=who.factor_at,
            password=given.validated_data["password"],
            origin=origin_of(request),
            now=timezone.now(),
        )
        return Response(status=202)

    @extend_schema(responses={204: None})
    def delete(self, request: Request) -> Response:
        """Remove the number. Needs a step-up."""
        remove_factor(user_id=caller(request).user_id, method=SMS, origin=origin_of(request), now=timezone.now())
        return Response(status=204)


class SmsFactorConfirmView(APIView):
    @extend_schema(request=shapes.CodeSerializer, responses={200: shapes.RecoveryCodesSerializer})
    def post(self, request: Request) -> Response:
        """Confirm the number by the texted code."""
        given = shapes.CodeSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        codes = confirm_phone(
            user_id=caller(request).user_id,
            session_id=_session_id(request),
            **given.validated_data,
            origin=origin_of(request),
            now=timezone.now(),
        )
        return _codes(codes)


class RecoveryCodesView(APIView):
    @extend_schema(request=None, responses={200: shapes.RecoveryCodesSerializer})
    def post(self, request: Request) -> Response:
        """Make ten new recovery codes; the old ones stop working. Needs a step-up."""
        codes = renew_recovery_codes(user_id=caller(request).user_id, origin=origin_of(request), now=timezone.now())
        return _codes(codes)


class FirmSecurityView(FirmView):
    @extend_schema(operation_id="firm_security", responses={200: shapes.FirmSecuritySerializer})
    def get(self, request: Request, **kwargs: object) -> Response:
        """Show what the firm demands at sign-in."""
        return super().get(request, **kwargs)

    def read(self, request: Request, **_: object) -> Response:
        """Answer from inside the firm's transaction."""
        return Response(shapes.FirmSecuritySerializer(get_firm_security(firm_id=self.access.firm_id)).data)

    @extend_schema(request=shapes.FirmSecuritySerializer, responses={200: shapes.FirmSecuritySerializer})
    def put(self, request: Request, **_: object) -> Response:
        """Set what the firm demands at sign-in. Needs a step-up, so nobody locks themselves out."""
        given = shapes.FirmSecuritySerializer(data=request.data)
        given.is_valid(raise_exception=True)
        set_firm_security(firm_id=self.access.firm_id, actor_id=caller(request).user_id, **given.validated_data)
        return Response(given.data)
