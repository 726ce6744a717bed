"""Change a firm's people one at a time: the firm's row is locked first, then the members'."""

from apps.accounts.errors import LastOwner, MemberNotFound, OwnersOnly
from apps.accounts.models import Firm, Membership
from apps.accounts.rules.places import may_give
from apps.core.errors import NotFound
from apps.core.scope import Role


def lock_firm(firm_id: int) -> Firm:
    """Lock the firm's row until the open transaction ends. Raises NotFound when it was erased meanwhile."""
    firm = Firm.objects.select_for_update().filter(pk=firm_id).first()
    if firm is None:
        raise NotFound
    return firm


def lock_member(firm_id: int, membership_id: int) -> Membership:
    """Lock a member who has not left. Raises MemberNotFound."""
    members = Membership.objects.select_for_update(of=("self",)).select_related("user")
    member = members.filter(pk=membership_id, firm_id=firm_id).exclude(status=Membership.Status.ENDED).first()
    if member is None:
        raise MemberNotFound
    return member


def check_authority(firm_id: int, actor_id: int, *, before: str | None, after: str | None) -> None:
    """Read the actor's role as it is now, under the lock, and judge by it. Raises OwnersOnly."""
    role = (
        Membership.objects.filter(firm_id=firm_id, user_id=actor_id, status=Membership.Status.ACTIVE)
        .values_list("role", flat=True)
        .first()
    )
    if role is None or not may_give(role, before=before, after=after):
        raise OwnersOnly


def keep_an_owner(member: Membership) -> None:
    """Raise LastOwner unless the firm has another active owner than this one. The firm must be locked."""
    if member.role != Role.OWNER or member.status != Membership.Status.ACTIVE:
        return
    others = Membership.objects.filter(
        firm_id=member.firm_id, role=Role.OWNER.value, status=Membership.Status.ACTIVE, user__is_active=True
    ).exclude(pk=member.pk)
    if not others.exists():
        raise LastOwner("Make somebody else an owner first.")
