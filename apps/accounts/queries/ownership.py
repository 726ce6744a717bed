"""The offer of a firm that stands; inside the firm's transaction."""

from datetime import datetime

from apps.accounts.errors import NoOwnershipOffer
from apps.accounts.models import Membership, OwnershipOffer
from apps.core.access import ADMINISTRATORS, FirmAccess
from apps.core.scope import Role


def get_offer(*, access: FirmAccess, now: datetime) -> OwnershipOffer:
    """Return the open offer, to owners and admins and to whom it was made. Raises NoOwnershipOffer for all others."""
    offers = OwnershipOffer.objects.select_related("giver__user", "taker__user")
    offer = offers.filter(firm_id=access.firm_id, answer="", expires_at__gt=now).first()
    if offer is None or (access.role not in ADMINISTRATORS and offer.taker_id != access.membership_id):
        raise NoOwnershipOffer
    return offer


def list_possible_takers(*, access: FirmAccess) -> list[Membership]:
    """Return the members to whom the firm may be offered, by name."""
    members = Membership.objects.filter(
        firm_id=access.firm_id,
        status=Membership.Status.ACTIVE,
        role__in=[Role.ADMIN.value, Role.MEMBER.value],
        user__is_active=True,
    )
    return list(members.select_related("user").order_by("user__name", "pk"))
