"""HTTP entrances of a firm's ownership: offered by an owner, accepted or declined by whom it is offered to."""

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.api import firm_serializers as serializers
from apps.accounts.queries.ownership import get_offer
from apps.accounts.services.answer_ownership_offer import accept_ownership, decline_ownership
from apps.accounts.services.offer_ownership import offer_ownership, revoke_ownership_offer
from apps.core.permissions import caller
from apps.core.views import FirmView


class OwnershipView(FirmView):
    route_name = "firm-ownership"

    @extend_schema(operation_id="firm_ownership_offer", responses={200: serializers.OwnershipOfferSerializer})
    def get(self, request: Request, **kwargs: object) -> Response:
        """Show the offer that stands, to owners, admins and whom it was made to; 404 when there is none."""
        return super().get(request, **kwargs)

    def read(self, request: Request, **_: object) -> Response:
        """Answer from inside the firm's transaction."""
        offer = get_offer(access=self.access, now=timezone.now())
        return Response(serializers.OwnershipOfferSerializer(offer).data)

    @extend_schema(
        operation_id="firm_ownership_offer_make",
        request=serializers.OwnershipSerializer,
        responses={201: serializers.OwnershipOfferSerializer},
    )
    def post(self, request: Request, **_: object) -> Response:
        """Offer the firm to another member for seven days. Until they accept, nothing changes."""
        given = serializers.OwnershipSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        offer = offer_ownership(
            firm_id=self.access.firm_id,
            membership_id=self.access.membership_id,
            to_membership_id=given.validated_data["membership_id"],
            actor_id=caller(request).user_id,
            now=timezone.now(),
        )
        return Response(serializers.OwnershipOfferSerializer(offer).data, status=201)

    @extend_schema(operation_id="firm_ownership_offer_revoke", responses={204: None})
    def delete(self, request: Request, **_: object) -> Response:
        """Take the offer back."""
        revoke_ownership_offer(firm_id=self.access.firm_id, actor_id=caller(request).user_id, now=timezone.now())
        return Response(status=204)


class OwnershipAcceptanceView(FirmView):
    route_name = "firm-ownership-acceptance"

    @extend_schema(operation_id="firm_ownership_accept", request=None, responses={204: None})
    def post(self, request: Request, **_: object) -> Response:
        """Become the owner; whoever offered becomes an admin. Needs a step-up."""
        accept_ownership(firm_id=self.access.firm_id, membership_id=self.access.membership_id, now=timezone.now())
        return Response(status=204)


class OwnershipRefusalView(FirmView):
    route_name = "firm-ownership-refusal"

    @extend_schema(operation_id="firm_ownership_decline", request=None, responses={204: None})
    def post(self, request: Request, **_: object) -> Response:
        """Decline the offer; whoever made it is told."""
        decline_ownership(firm_id=self.access.firm_id, membership_id=self.access.membership_id, now=timezone.now())
        return Response(status=204)
