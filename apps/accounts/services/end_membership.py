"""End a membership: the person leaves, or is removed."""

from datetime import datetime

from apps.accounts.models import ApiKey, Firm, Membership
from apps.accounts.services.firm_lock import check_authority, keep_an_owner, lock_firm, lock_member
from apps.accounts.services.mailed_links import firm_address_of
from apps.accounts.services.people_told import tell, tell_administrators
from apps.core import audit
from apps.core.tenancy import tenant


def remove_member(*, firm_id: int, membership_id: int, actor_id: int, now: datetime) -> None:
    """End somebody's membership and tell them; their API keys end with it.

    Raises MemberNotFound, OwnersOnly, LastOwner.
    """
    with tenant(firm_id):
        firm = lock_firm(firm_id)
        member = lock_member(firm_id, membership_id)
        check_authority(firm_id, actor_id, before=member.role, after=None)
        _end(member, now)
        audit.record("accounts.member_removed", firm_id=firm_id, user_id=actor_id, target=f"membership:{member.pk}")
        actor = Membership.objects.select_related("user").get(firm_id=firm_id, user_id=actor_id)
        tell(
            member.user_id,
            kind="accounts.membership_ended",
            firm=firm.name,
            ended_at=now.isoformat(),
            owner=actor.user.name,
        )


def leave_firm(*, firm_id: int, membership_id: int, now: datetime) -> None:
    """End one's own membership; owners and admins are told. Raises MemberNotFound, LastOwner."""
    with tenant(firm_id):
        firm = lock_firm(firm_id)
        member = lock_member(firm_id, membership_id)
        _end(member, now)
        audit.record("accounts.member_left", firm_id=firm_id, user_id=member.user_id, target=f"membership:{member.pk}")
        _tell_of_leaving(firm, member, now)


def _end(member: Membership, now: datetime) -> None:
    keep_an_owner(member)
    member.status, member.ended_at = Membership.Status.ENDED, now
    member.save(update_fields=["status", "ended_at"])
    ApiKey.objects.filter(membership=member, revoked_at__isnull=True).update(revoked_at=now)


def _tell_of_leaving(firm: Firm, member: Membership, now: datetime) -> None:
    tell_administrators(
        firm_id=firm.pk,
        kind="accounts.member_left",
        firm=firm.name,
        person=member.user.name,
        left_at=now.isoformat(),
        address=firm_address_of("/firm/people", firm.public_id),
    )
