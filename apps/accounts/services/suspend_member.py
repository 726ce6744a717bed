"""Take a member's access away for a while, and give it back."""

from apps.accounts.errors import MemberNotFound
from apps.accounts.models import Membership
from apps.accounts.queries.members import place_of
from apps.accounts.services.change_member import check_place
from apps.accounts.services.firm_lock import check_authority, keep_an_owner, lock_firm, lock_member
from apps.accounts.services.mailed_links import address_of
from apps.accounts.services.people_told import tell
from apps.core import audit
from apps.core.tenancy import tenant


def suspend_member(*, firm_id: int, membership_id: int, actor_id: int, reason: str = "") -> None:
    """Deactivate a member: from the next request on they are a stranger to the firm. Suspending twice is once.

    reason: a sentence the person is told. Raises MemberNotFound, OwnersOnly, LastOwner.
    """
    with tenant(firm_id):
        firm = lock_firm(firm_id)
        member = lock_member(firm_id, membership_id)
        check_authority(firm_id, actor_id, before=member.role, after=None)
        if member.status == Membership.Status.SUSPENDED:
            return
        keep_an_owner(member)
        member.status, member.status_reason = Membership.Status.SUSPENDED, reason
        member.save(update_fields=["status", "status_reason"])
        audit.record(
            "accounts.member_suspended",
            firm_id=firm_id,
            user_id=actor_id,
            target=f"membership:{membership_id}",
            reason=reason,
        )
        actor = Membership.objects.select_related("user").get(firm_id=firm_id, user_id=actor_id)
        tell(
            member.user_id,
            kind="accounts.membership_suspended",
            firm=firm.name,
            reason=reason or "An administrator of the firm paused it.",
            owner=actor.user.name,
        )


def restore_member(*, firm_id: int, membership_id: int, actor_id: int) -> None:
    """Give a suspended member their place back as it was. Raises MemberNotFound, OwnersOnly, InvalidInput."""
    with tenant(firm_id):
        firm = lock_firm(firm_id)
        member = lock_member(firm_id, membership_id)
        check_authority(firm_id, actor_id, before=member.role, after=member.role)
        if member.status == Membership.Status.ACTIVE:
            return
        if not member.user.is_active:
            raise MemberNotFound
        check_place(firm_id, place_of(member), but=membership_id)
        member.status, member.status_reason = Membership.Status.ACTIVE, ""
        member.save(update_fields=["status", "status_reason"])
        audit.record(
            "accounts.member_restored", firm_id=firm_id, user_id=actor_id, target=f"membership:{membership_id}"
        )
        tell(
            member.user_id,
            kind="accounts.membership_restored",
            firm=firm.name,
            address=address_of("/"),
        )
