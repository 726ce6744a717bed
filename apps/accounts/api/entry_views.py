"""HTTP entrances of getting in: registration, sign-in, refresh, sign-out, passwords."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.api import entry_serializers as shapes
from apps.accounts.api.agreed_field import take_agreed
from apps.accounts.api.entry_limits import forget_entry
from apps.accounts.api.origin import origin_of
from apps.accounts.contracts import PendingSignIn, SignedIn
from apps.accounts.services.change_password import change_password
from apps.accounts.services.end_session import end_session, end_sessions_everywhere
from apps.accounts.services.finish_sign_in import finish_sign_in, send_sign_in_code
from apps.accounts.services.log_in import log_in
from apps.accounts.services.refresh_session import refresh_session
from apps.accounts.services.request_password_reset import request_password_reset
from apps.accounts.services.request_registration import request_registration
from apps.accounts.services.resend_confirmation import request_confirmation
from apps.accounts.services.reset_password import reset_password
from apps.accounts.services.verify_email import verify_email
from apps.core.permissions import caller


def _signed_in(signed_in: SignedIn) -> Response:
    pair = signed_in.pair
    body = {"access": pair.access, "refresh": pair.refresh, "device_token": signed_in.device_token}
    return Response(shapes.SignedInSerializer(body).data)


class RegisterView(APIView):
    @extend_schema(request=shapes.RegistrationSerializer, responses={202: None})
    def post(self, request: Request) -> Response:
        """Register a person. A mail with a link goes to the address; the answer is the same for every address."""
        given = shapes.RegistrationSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        values = dict(given.validated_data)
        request_registration(agreed=take_agreed(request, values), **values)
        return Response(status=202)


class VerifyEmailView(APIView):
    @extend_schema(request=shapes.MailedTokenSerializer, responses={204: None})
    def post(self, request: Request) -> Response:
        """Confirm the address by the token of the mailed link; then sign in."""
        given = shapes.MailedTokenSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        verify_email(token=given.validated_data["token"], origin=origin_of(request), now=timezone.now())
        return Response(status=204)


class ResendConfirmationView(APIView):
    @extend_schema(request=shapes.AddressSerializer, responses={202: None})
    def post(self, request: Request) -> Response:
        """Mail the link once more; the answer is the same for every address."""
        given = shapes.AddressSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        request_confirmation(email=given.validated_data["email"])
        return Response(status=202)


class LoginView(APIView):
    @extend_schema(
        request=shapes.CredentialsSerializer,
        responses={200: shapes.SignedInSerializer, 202: shapes.PendingSignInSerializer},
    )
    def post(self, request: Request) -> Response:
        """Sign in with address and password. 202: a second step is asked for at /auth/second-step."""
        given = shapes.CredentialsSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        outcome = log_in(**given.validated_data, origin=origin_of(request), now=timezone.now())
        forget_entry(request)
        if isinstance(outcome, PendingSignIn):
            return Response(shapes.PendingSignInSerializer(outcome).data, status=202)
        return _signed_in(outcome)


class SecondStepView(APIView):
    @extend_schema(request=shapes.SecondStepSerializer, responses={200: shapes.SignedInSerializer})
    def post(self, request: Request) -> Response:
        """Finish a sign-in with a code of the app, of a text message, or a recovery code."""
        given = shapes.SecondStepSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        values = given.validated_data
        signed_in = finish_sign_in(
            pending=values["pending"],
            method=values["method"],
            code=values["code"],
            trust=values["trust_device"],
            origin=origin_of(request),
            now=timezone.now(),
        )
        return _signed_in(signed_in)


class SecondStepCodeView(APIView):
    @extend_schema(request=shapes.PendingSerializer, responses={202: None})
    def post(self, request: Request) -> Response:
        """Text a code to the person who is half-way in."""
        given = shapes.PendingSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        send_sign_in_code(pending=given.validated_data["pending"], origin=origin_of(request), now=timezone.now())
        return Response(status=202)


class RefreshView(APIView):
    @extend_schema(request=shapes.RefreshSerializer, responses={200: shapes.TokenPairSerializer})
    def post(self, request: Request) -> Response:
        """Exchange a refresh token for a new pair; the old one is spent."""
        given = shapes.RefreshSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        refresh = given.validated_data["refresh"]
        pair = refresh_session(refresh=refresh, origin=origin_of(request), now=timezone.now())
        return Response(shapes.TokenPairSerializer(pair).data)


class LogoutView(APIView):
    @extend_schema(request=shapes.LogoutSerializer, responses={204: None})
    def post(self, request: Request) -> Response:
        """Sign out here, or everywhere."""
        given = shapes.LogoutSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        who, now = caller(request), timezone.now()
        if given.validated_data["everywhere"]:
            end_sessions_everywhere(user_id=who.user_id, origin=origin_of(request), now=now)
        elif who.session_id is not None:
            end_session(user_id=who.user_id, session_id=who.session_id, now=now)
        return Response(status=204)


class ForgotPasswordView(APIView):
    @extend_schema(request=shapes.AddressSerializer, responses={202: None})
    def post(self, request: Request) -> Response:
        """Mail a link that sets a new password; the answer is the same for every address."""
        given = shapes.AddressSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        request_password_reset(email=given.validated_data["email"], origin=origin_of(request))
        return Response(status=202)


class ResetPasswordView(APIView):
    @extend_schema(request=shapes.NewPasswordSerializer, responses={204: None})
    def post(self, request: Request) -> Response:
        """Set a new password by the token of the mailed link. Every session ends."""
        given = shapes.NewPasswordSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        reset_password(**given.validated_data, origin=origin_of(request), now=timezone.now())
        return Response(status=204)


class ChangePasswordView(APIView):
    @extend_schema(request=shapes.PasswordChangeSerializer, responses={204: None})
    def post(self, request: Request) -> Response:
        """Change the password. Every session ends, this one too."""
        given = shapes.PasswordChangeSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        change_password(
            user_id=caller(request).user_id,
            current=given.validated_data["current_password"],
            new=given.validated_data["new_password"],
            origin=origin_of(request),
            now=timezone.now(),
        )
        return Response(status=204)
