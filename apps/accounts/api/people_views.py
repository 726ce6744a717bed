"""HTTP entrances of a firm's people: members and invitations."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.api import firm_serializers as serializers
from apps.accounts.api.agreed_field import take_agreed
from apps.accounts.contracts import Place
from apps.accounts.queries import members as queries
from apps.accounts.services.accept_invitation import accept_as_member, accept_as_new_person
from apps.accounts.services.change_member import change_member
from apps.accounts.services.end_membership import leave_firm, remove_member
from apps.accounts.services.invite_person import invite_person, resend_invitation, revoke_invitation
from apps.accounts.services.preview_invitation import preview_invitation
from apps.accounts.services.suspend_member import restore_member, suspend_member
from apps.core.idempotency import idempotent
from apps.core.permissions import caller
from apps.core.tenancy import tenant
from apps.core.views import FirmView


class MembersView(FirmView):
    route_name = "firm-members"

    @extend_schema(operation_id="firm_members", responses={200: serializers.MemberSerializer(many=True)})
    def get(self, request: Request, **kwargs: object) -> Response:
        """List everybody who belongs to the firm, with role, scope and permissions."""
        return super().get(request, **kwargs)

    def read(self, request: Request, **_: object) -> Response:
        """Answer from inside the firm's transaction."""
        people = queries.list_members(scope=self.access.scope)
        return Response(serializers.MemberSerializer(people, many=True).data)


class MemberView(FirmView):
    route_name = "firm-member"

    @extend_schema(operation_id="firm_member", responses={200: serializers.MemberSerializer})
    def get(self, request: Request, **kwargs: object) -> Response:
        """Show one member."""
        return super().get(request, **kwargs)

    def read(self, request: Request, *, membership_id: int, **_: object) -> Response:
        """Answer from inside the firm's transaction."""
        return Response(self._shown(membership_id))

    @extend_schema(
        operation_id="firm_member_change",
        request=serializers.MemberChangeSerializer,
        responses={200: serializers.MemberSerializer},
    )
    def patch(self, request: Request, *, membership_id: int, **_: object) -> Response:
        """Change role, scope, grants, permissions, level or Clio user; in force with the member's next request."""
        given = serializers.MemberChangeSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        change_member(
            firm_id=self.access.firm_id,
            membership_id=membership_id,
            actor_id=caller(request).user_id,
            changes=given.validated_data,
        )
        with tenant(self.access.firm_id, read_only=True):
            return Response(self._shown(membership_id))

    @extend_schema(operation_id="firm_member_remove", responses={204: None})
    def delete(self, request: Request, *, membership_id: int, **_: object) -> Response:
        """End the membership; the person is told."""
        remove_member(
            firm_id=self.access.firm_id,
            membership_id=membership_id,
            actor_id=caller(request).user_id,
            now=timezone.now(),
        )
        return Response(status=204)

    def _shown(self, membership_id: int) -> dict[str, object]:
        member = queries.get_member(scope=self.access.scope, membership_id=membership_id)
        return dict(serializers.MemberSerializer(member).data)


class MemberSuspensionView(FirmView):
    route_name = "firm-member-suspension"

    @extend_schema(operation_id="firm_member_suspend", request=serializers.SuspensionSerializer, responses={204: None})
    def post(self, request: Request, *, membership_id: int, **_: object) -> Response:
        """Deactivate a member: from the next request on they are a stranger to the firm."""
        given = serializers.SuspensionSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        suspend_member(
            firm_id=self.access.firm_id,
            membership_id=membership_id,
            actor_id=caller(request).user_id,
            reason=given.validated_data["reason"],
        )
        return Response(status=204)

    @extend_schema(operation_id="firm_member_restore", responses={204: None})
    def delete(self, request: Request, *, membership_id: int, **_: object) -> Response:
        """Give a suspended member their place back."""
        restore_member(firm_id=self.access.firm_id, membership_id=membership_id, actor_id=caller(request).user_id)
        return Response(status=204)


class MyMembershipView(FirmView):
    route_name = "firm-my-membership"

    @extend_schema(operation_id="firm_leave", responses={204: None})
    def delete(self, request: Request, **_: object) -> Response:
        """Leave the firm. Its last owner cannot."""
        leave_firm(firm_id=self.access.firm_id, membership_id=self.access.membership_id, now=timezone.now())
        return Response(status=204)


class InvitationsView(FirmView):
    route_name = "firm-invitations"

    @extend_schema(operation_id="firm_invitations", responses={200: serializers.InvitationSerializer(many=True)})
    def get(self, request: Request, **kwargs: object) -> Response:
        """List the invitations nobody has answered, expired ones too."""
        return super().get(request, **kwargs)

    def read(self, request: Request, **_: object) -> Response:
        """Answer from inside the firm's transaction."""
        invitations = queries.list_invitations(scope=self.access.scope)
        return Response(serializers.InvitationSerializer(invitations, many=True).data)

    @extend_schema(
        operation_id="firm_invite",
        request=serializers.InvitationInputSerializer,
        responses={201: serializers.InvitationSerializer},
    )
    @idempotent
    def post(self, request: Request, **_: object) -> Response:
        """Invite an address to a place in the firm; the mailed link works once, for seven days.

        Honors `Idempotency-Key`.
        """
        given = serializers.InvitationInputSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        values = dict(given.validated_data)
        invitation_id = invite_person(
            firm_id=self.access.firm_id,
            actor_id=caller(request).user_id,
            email=values.pop("email"),
            place=Place(**values),
            now=timezone.now(),
        )
        with tenant(self.access.firm_id, read_only=True):
            invitation = queries.get_invitation(scope=self.access.scope, invitation_id=invitation_id)
            return Response(serializers.InvitationSerializer(invitation).data, status=201)


class InvitationView(FirmView):
    route_name = "firm-invitation"

    @extend_schema(operation_id="firm_invitation_resend", request=None, responses={204: None})
    def post(self, request: Request, *, invitation_id: int, **_: object) -> Response:
        """Mail a new link; the former one ends."""
        resend_invitation(
            firm_id=self.access.firm_id,
            invitation_id=invitation_id,
            actor_id=caller(request).user_id,
            now=timezone.now(),
        )
        return Response(status=204)

    @extend_schema(operation_id="firm_invitation_revoke", responses={204: None})
    def delete(self, request: Request, *, invitation_id: int, **_: object) -> Response:
        """Take the invitation back."""
        revoke_invitation(
            firm_id=self.access.firm_id,
            invitation_id=invitation_id,
            actor_id=caller(request).user_id,
            now=timezone.now(),
        )
        return Response(status=204)


class InvitationOfferView(APIView):
    @extend_schema(
        operation_id="invitation_preview",
        request=serializers.InvitationTokenSerializer,
        responses={200: serializers.InvitationOfferSerializer},
    )
    def post(self, request: Request) -> Response:
        """Show what a mailed invitation offers. The token comes in the body, where no log keeps it."""
        given = serializers.InvitationTokenSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        offer = preview_invitation(token=given.validated_data["token"], now=timezone.now())
        return Response(serializers.InvitationOfferSerializer(offer).data)


class InvitationAcceptView(APIView):
    @extend_schema(
        operation_id="invitation_accept", request=serializers.InvitationTokenSerializer, responses={204: None}
    )
    def post(self, request: Request) -> Response:
        """Accept an invitation as the signed-in person."""
        given = serializers.InvitationTokenSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        accept_as_member(token=given.validated_data["token"], user_id=caller(request).user_id, now=timezone.now())
        return Response(status=204)


class InvitationAcceptAsNewView(APIView):
    @extend_schema(
        operation_id="invitation_accept_as_new", request=serializers.AcceptAsNewSerializer, responses={204: None}
    )
    def post(self, request: Request) -> Response:
        """Accept an invitation and make an account for its address; then sign in."""
        given = serializers.AcceptAsNewSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        values = dict(given.validated_data)
        accept_as_new_person(agreed=take_agreed(request, values), **values, now=timezone.now())
        return Response(status=204)
