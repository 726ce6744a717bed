"""Hand a firm over to another member."""

from datetime import datetime

from django.conf import settings

from apps.accounts.errors import MemberNotFound, OwnersOnly
from apps.accounts.models import Membership
from apps.accounts.services.firm_lock import lock_firm, lock_member
from apps.accounts.services.people_told import tell_administrators
from apps.core import audit
from apps.core.errors import FieldFault, InvalidInput
from apps.core.scope import Role, ScopeKind
from apps.core.tenancy import tenant


def transfer_ownership(*, firm_id: int, membership_id: int, to_membership_id: int, now: datetime) -> None:
    """Make an active admin or member the owner in one's own place; the former owner becomes an admin.

    Both happen in one transaction, the new owner first, so that there is always one. Owners and admins are told.
    Raises OwnersOnly, MemberNotFound; InvalidInput for oneself, for a consultant and for an owner.
    """
    with tenant(firm_id):
        firm = lock_firm(firm_id)
        giver = lock_member(firm_id, membership_id)
        taker = lock_member(firm_id, to_membership_id)
        if giver.role != Role.OWNER or giver.status != Membership.Status.ACTIVE:
            raise OwnersOnly
        _check_taker(taker)
        taker.role, taker.scope = Role.OWNER.value, ScopeKind.WHOLE_FIRM.value
        taker.grants, taker.permissions = [], []
        taker.save(update_fields=["role", "scope", "grants", "permissions"])
        giver.role = Role.ADMIN.value
        giver.save(update_fields=["role"])
        audit.record(
            "accounts.ownership_transferred",
            firm_id=firm_id,
            user_id=giver.user_id,
            target=f"membership:{taker.pk}",
            from_membership=giver.pk,
        )
        tell_administrators(
            firm_id=firm_id,
            kind="accounts.ownership_transferred",
            firm=firm.name,
            from_person=giver.user.name,
            to_person=taker.user.name,
            changed_at=now.isoformat(),
            address=f"{settings.PUBLIC_BASE_URL}/firm/people",
        )


def _check_taker(taker: Membership) -> None:
    if taker.status != Membership.Status.ACTIVE or not taker.user.is_active:
        raise MemberNotFound
    if taker.role in (Role.OWNER, Role.CONSULTANT):
        reason = "This member is an owner already." if taker.role == Role.OWNER else "A consultant owns no firm."
        raise InvalidInput(reason, faults=(FieldFault("/membership_id", reason, "not_applicable"),))
