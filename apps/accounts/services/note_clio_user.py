"""Clio says that a user of the firm was turned off, or is no longer there."""

from django.conf import settings

from apps.accounts.models import Membership
from apps.accounts.services.firm_lock import lock_firm
from apps.accounts.services.people_told import tell, tell_administrators
from apps.core import audit
from apps.core.scope import Role
from apps.core.tenancy import tenant

_REASON = "Your user in Clio was turned off."


def note_clio_user_disabled(*, firm_id: int, clio_user_id: int) -> bool:
    """Suspend the membership of this Clio user until an administrator has looked at it; tell whether there was one.

    An owner is never suspended by it, only named to the administrators. Nothing is given back when the user is turned
    on again: that is the administrators' to decide. Twice is once as long as nobody restored the membership.
    """
    with tenant(firm_id):
        firm = lock_firm(firm_id)
        members = Membership.objects.select_for_update(of=("self",)).select_related("user")
        member = members.filter(firm_id=firm_id, clio_user_id=clio_user_id, status=Membership.Status.ACTIVE).first()
        if member is None:
            return False
        is_owner = member.role == Role.OWNER.value
        if not is_owner:
            member.status, member.status_reason = Membership.Status.SUSPENDED, _REASON
            member.save(update_fields=["status", "status_reason"])
            tell(member.user_id, kind="accounts.membership_suspended", firm=firm.name, reason=_REASON, owner=firm.name)
        audit.record(
            "accounts.member_off_in_clio",
            firm_id=firm_id,
            target=f"membership:{member.pk}",
            clio_user_id=clio_user_id,
            suspended=not is_owner,
        )
        tell_administrators(
            firm_id=firm_id,
            kind="accounts.member_off_in_clio",
            firm=firm.name,
            person=member.user.name,
            is_owner=is_owner,
            address=f"{settings.PUBLIC_BASE_URL}/firm/people",
        )
    return True
