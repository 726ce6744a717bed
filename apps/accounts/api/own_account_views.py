"""HTTP entrances of one's own account: profile, email address, deletion, a lost second factor."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.api import own_account_serializers as shapes
from apps.accounts.api.entry_serializers import MailedTokenSerializer, OwnPasswordSerializer, PendingSerializer
from apps.accounts.api.origin import origin_of
from apps.accounts.errors import NoEmailChange
from apps.accounts.queries.own_account import find_pending_email
from apps.accounts.queries.people import get_user
from apps.accounts.services.confirm_email_change import confirm_email_change
from apps.accounts.services.keep_account import keep_account
from apps.accounts.services.request_account_deletion import request_account_deletion
from apps.accounts.services.request_email_change import request_email_change
from apps.accounts.services.request_factor_reset import request_factor_reset
from apps.accounts.services.stop_by_link import stop_by_link
from apps.accounts.services.stop_email_change import withdraw_email_change
from apps.accounts.services.update_profile import update_profile
from apps.core.client_address import client_ip
from apps.core.permissions import caller


class MeView(APIView):
    @extend_schema(operation_id="me", responses={200: shapes.PersonSerializer})
    def get(self, request: Request) -> Response:
        """Show the signed-in person."""
        return Response(shapes.PersonSerializer(get_user(user_id=caller(request).user_id)).data)

    @extend_schema(
        operation_id="me_change", request=shapes.ProfileChangeSerializer, responses={200: shapes.PersonSerializer}
    )
    def patch(self, request: Request) -> Response:
        """Change one's own name, time zone, and language of dates and numbers."""
        given = shapes.ProfileChangeSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        user = update_profile(
            user_id=caller(request).user_id, changes=given.validated_data, ip=client_ip(request._request)
        )
        return Response(shapes.PersonSerializer(user).data)


class MyEmailView(APIView):
    @extend_schema(operation_id="my_email_change", responses={200: shapes.PendingEmailSerializer})
    def get(self, request: Request) -> Response:
        """Show the change of address that waits to be confirmed; 404 when there is none."""
        pending = find_pending_email(user_id=caller(request).user_id, now=timezone.now())
        if pending is None:
            raise NoEmailChange
        return Response(shapes.PendingEmailSerializer(pending).data)

    @extend_schema(operation_id="my_email_request", request=shapes.NewEmailSerializer, responses={202: None})
    def post(self, request: Request) -> Response:
        """Ask for another email address. Links go to both addresses; the answer is the same for every address.

        Needs a step-up, or the password of somebody without a second step.
        """
        given = shapes.NewEmailSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        who = caller(request)
        request_email_change(
            user_id=who.user_id,
            session_id=who.session_id,
            factor_at=who.factor_at,
            **given.validated_data,
            origin=origin_of(request),
            now=timezone.now(),
        )
        return Response(status=202)

    @extend_schema(operation_id="my_email_withdraw", responses={204: None})
    def delete(self, request: Request) -> Response:
        """Take the wish back."""
        withdraw_email_change(user_id=caller(request).user_id, now=timezone.now())
        return Response(status=204)


class EmailConfirmView(APIView):
    @extend_schema(request=MailedTokenSerializer, responses={200: shapes.EmailAgreementSerializer})
    def post(self, request: Request) -> Response:
        """Agree to a change of address by the token of the link mailed to either address; with both it happens."""
        given = MailedTokenSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        agreement = confirm_email_change(token=given.validated_data["token"], now=timezone.now())
        return Response(shapes.EmailAgreementSerializer(agreement).data)


class StopView(APIView):
    @extend_schema(request=MailedTokenSerializer, responses={200: shapes.StoppedSerializer})
    def post(self, request: Request) -> Response:
        """Stop a change of address, or a reset of second steps, by the token of the mailed link."""
        given = MailedTokenSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        stopped = stop_by_link(token=given.validated_data["token"], now=timezone.now())
        return Response(shapes.StoppedSerializer(stopped).data)


class MyDeletionView(APIView):
    @extend_schema(
        operation_id="my_deletion", request=OwnPasswordSerializer, responses={202: shapes.DeletionSerializer}
    )
    def post(self, request: Request) -> Response:
        """Close the account and have it deleted in fourteen days; a mailed link keeps it until then.

        Needs a step-up, or the password of somebody without a second step. 409 names the firms whose only owner one is.
        """
        given = OwnPasswordSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        who = caller(request)
        deletion = request_account_deletion(
            user_id=who.user_id,
            factor_at=who.factor_at,
            **given.validated_data,
            origin=origin_of(request),
            now=timezone.now(),
        )
        return Response(shapes.DeletionSerializer(deletion).data, status=202)


class KeepAccountView(APIView):
    @extend_schema(request=MailedTokenSerializer, responses={204: None})
    def post(self, request: Request) -> Response:
        """Keep an account that was going to be deleted, by the token of the mailed link; then sign in."""
        given = MailedTokenSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        keep_account(token=given.validated_data["token"], now=timezone.now())
        return Response(status=204)


class LostSecondStepView(APIView):
    @extend_schema(request=PendingSerializer, responses={202: shapes.FactorResetPlanSerializer})
    def post(self, request: Request) -> Response:
        """Say, half-way in, that the second step is lost.

        It is taken off after a delay and with our support's approval, unless somebody who was told stops it.
        """
        given = PendingSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        plan = request_factor_reset(
            pending=given.validated_data["pending"], origin=origin_of(request), now=timezone.now()
        )
        return Response(shapes.FactorResetPlanSerializer(plan).data, status=202)
