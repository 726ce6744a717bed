"""Take a firm that was offered, decline it, or let the offer run out."""

from datetime import datetime

from apps.accounts.errors import MemberNotFound, NoOwnershipOffer, OwnersOnly
from apps.accounts.models import Firm, OwnershipOffer
from apps.accounts.services.firm_lock import lock_firm, lock_member
from apps.accounts.services.mailed_links import firm_address_of
from apps.accounts.services.offer_ownership import check_giver, check_taker, close_offer, lock_open_offer
from apps.accounts.services.people_told import tell, tell_administrators
from apps.core import audit
from apps.core.errors import InvalidInput
from apps.core.scope import Role, ScopeKind
from apps.core.tenancy import tenant


def accept_ownership(*, firm_id: int, membership_id: int, now: datetime) -> None:
    """Become the owner in the giver's place, who becomes an admin; owners and admins are told.

    Both happen in one transaction, the new owner first, so that there is always one. Whoever gives must be an owner
    still, and whoever takes a member still. Raises NoOwnershipOffer for everybody to whom nothing is offered.
    """
    with tenant(firm_id):
        firm = lock_firm(firm_id)
        offer = _lock_offer_to(firm_id, membership_id, now)
        _hand_over(offer)
        close_offer(offer, OwnershipOffer.Answer.ACCEPTED, now)
        audit.record(
            "accounts.ownership_transferred",
            firm_id=firm_id,
            user_id=offer.taker.user_id,
            target=f"membership:{offer.taker_id}",
            from_membership=offer.giver_id,
        )
        tell_administrators(
            firm_id=firm_id,
            kind="accounts.ownership_transferred",
            firm=firm.name,
            from_person=offer.giver.user.name,
            to_person=offer.taker.user.name,
            changed_at=now.isoformat(),
            address=firm_address_of("/firm/people", firm.public_id),
        )


def decline_ownership(*, firm_id: int, membership_id: int, now: datetime) -> None:
    """Leave things as they are; whoever offered is told. Raises NoOwnershipOffer."""
    with tenant(firm_id):
        firm = lock_firm(firm_id)
        offer = _lock_offer_to(firm_id, membership_id, now)
        close_offer(offer, OwnershipOffer.Answer.DECLINED, now)
        audit.record(
            "accounts.ownership_declined",
            firm_id=firm_id,
            user_id=offer.taker.user_id,
            target=f"membership:{offer.giver_id}",
        )
        _tell_giver(firm, offer, has_declined=True)


def end_ownership_offer(*, firm_id: int, offer_id: int, now: datetime) -> bool:
    """Close an offer nobody answered in time and tell whoever made it; tell whether it was closed now."""
    with tenant(firm_id):
        firm = lock_firm(firm_id)
        offers = OwnershipOffer.objects.select_for_update(of=("self",)).select_related("giver__user", "taker__user")
        offer = offers.filter(pk=offer_id, firm_id=firm_id, answer="", expires_at__lte=now).first()
        if offer is None:
            return False
        close_offer(offer, OwnershipOffer.Answer.EXPIRED, now)
        _tell_giver(firm, offer, has_declined=False)
    return True


def _lock_offer_to(firm_id: int, membership_id: int, now: datetime) -> OwnershipOffer:
    offer = lock_open_offer(firm_id)
    if offer.taker_id != membership_id or offer.expires_at <= now:
        raise NoOwnershipOffer
    return offer


def _hand_over(offer: OwnershipOffer) -> None:
    try:
        giver, taker = lock_member(offer.firm_id, offer.giver_id), lock_member(offer.firm_id, offer.taker_id)
        check_giver(giver)
        check_taker(taker)
    except (MemberNotFound, OwnersOnly, InvalidInput) as error:
        raise NoOwnershipOffer("The offer no longer stands: one of you is not what you were.") from error
    taker.role, taker.scope = Role.OWNER.value, ScopeKind.WHOLE_FIRM.value
    taker.grants, taker.permissions, taker.hides_client_names = [], [], False
    taker.save(update_fields=["role", "scope", "grants", "permissions", "hides_client_names"])
    giver.role = Role.ADMIN.value
    giver.save(update_fields=["role"])


def _tell_giver(firm: Firm, offer: OwnershipOffer, *, has_declined: bool) -> None:
    tell(
        offer.giver.user_id,
        kind="accounts.ownership_not_taken",
        firm=firm.name,
        person=offer.taker.user.name,
        has_declined=has_declined,
        address=firm_address_of("/firm/ownership", firm.public_id),
    )
