"""Offer one's firm to another member, and take the offer back. Nothing changes hands until it is accepted."""

from datetime import datetime, timedelta

from apps.accounts import jobs
from apps.accounts.errors import MemberNotFound, NoOwnershipOffer, OwnershipOfferOpen, OwnersOnly
from apps.accounts.models import Firm, Membership, OwnershipOffer
from apps.accounts.services.firm_lock import lock_firm, lock_member
from apps.accounts.services.mailed_links import firm_address_of
from apps.accounts.services.people_told import tell
from apps.core import audit
from apps.core.errors import FieldFault, InvalidInput
from apps.core.jobs import enqueue
from apps.core.scope import Role
from apps.core.tenancy import tenant

STANDS_FOR = timedelta(days=7)


def offer_ownership(
    *, firm_id: int, membership_id: int, to_membership_id: int, actor_id: int, now: datetime
) -> OwnershipOffer:
    """Offer an active admin or member one's own place as owner, for seven days; they are told.

    Raises OwnersOnly, MemberNotFound, OwnershipOfferOpen; InvalidInput for oneself, for a consultant and for an owner.
    """
    with tenant(firm_id):
        firm = lock_firm(firm_id)
        giver = lock_member(firm_id, membership_id)
        taker = lock_member(firm_id, to_membership_id)
        check_giver(giver)
        check_taker(taker)
        _make_room(firm_id, now)
        offer = OwnershipOffer.objects.create(
            firm=firm, giver=giver, taker=taker, offered_at=now, expires_at=now + STANDS_FOR
        )
        enqueue(jobs.END_OWNERSHIP_OFFER, firm_id=firm_id, available_at=offer.expires_at, offer_id=offer.pk)
        audit.record(
            "accounts.ownership_offered",
            firm_id=firm_id,
            user_id=actor_id,
            target=f"membership:{taker.pk}",
            offer=offer.pk,
        )
        _tell_taker(firm, offer)
    return offer


def revoke_ownership_offer(*, firm_id: int, actor_id: int, now: datetime) -> None:
    """Take the open offer back. Raises NoOwnershipOffer."""
    with tenant(firm_id):
        lock_firm(firm_id)
        offer = lock_open_offer(firm_id)
        close_offer(offer, OwnershipOffer.Answer.REVOKED, now)
        audit.record(
            "accounts.ownership_offer_revoked", firm_id=firm_id, user_id=actor_id, target=f"membership:{offer.taker_id}"
        )


def lock_open_offer(firm_id: int) -> OwnershipOffer:
    """Lock the firm's open offer, however old. Raises NoOwnershipOffer."""
    offers = OwnershipOffer.objects.select_for_update(of=("self",)).select_related("giver__user", "taker__user")
    offer = offers.filter(firm_id=firm_id, answer="").first()
    if offer is None:
        raise NoOwnershipOffer
    return offer


def close_offer(offer: OwnershipOffer, answer: OwnershipOffer.Answer, now: datetime) -> None:
    """Write down how an offer ended."""
    offer.answer, offer.answered_at = answer.value, now
    offer.save(update_fields=["answer", "answered_at"])


def check_giver(giver: Membership) -> None:
    """Raise OwnersOnly unless the member is an active owner now."""
    if giver.role != Role.OWNER or giver.status != Membership.Status.ACTIVE or not giver.user.is_active:
        raise OwnersOnly


def check_taker(taker: Membership) -> None:
    """Raise unless the member may become the owner now: MemberNotFound, InvalidInput."""
    if taker.status != Membership.Status.ACTIVE or not taker.user.is_active:
        raise MemberNotFound
    if taker.role in (Role.OWNER, Role.CONSULTANT):
        reason = "This member is an owner already." if taker.role == Role.OWNER else "A consultant owns no firm."
        raise InvalidInput(reason, faults=(FieldFault("/membership_id", reason, "not_applicable"),))


def _make_room(firm_id: int, now: datetime) -> None:
    """Close an offer nobody answered in time; raise OwnershipOfferOpen while one stands."""
    try:
        former = lock_open_offer(firm_id)
    except NoOwnershipOffer:
        return
    if former.expires_at > now:
        raise OwnershipOfferOpen
    close_offer(former, OwnershipOffer.Answer.EXPIRED, now)


def _tell_taker(firm: Firm, offer: OwnershipOffer) -> None:
    tell(
        offer.taker.user_id,
        kind="accounts.ownership_offered",
        firm=firm.name,
        owner=offer.giver.user.name,
        expires_at=offer.expires_at.isoformat(),
        address=firm_address_of("/firm/ownership", firm.public_id),
    )
