"""Tell whoever invited that nobody came."""

from datetime import datetime

from apps.accounts.models import Invitation, Membership
from apps.accounts.services.mailed_links import firm_address_of
from apps.accounts.services.people_told import tell
from apps.core.tenancy import tenant


def note_expired_invitation(*, firm_id: int, invitation_id: int, now: datetime) -> bool:
    """Tell the inviter if the invitation ran out unanswered; tell whether it did. Sent again meanwhile, it did not."""
    with tenant(firm_id):
        invitation = Invitation.objects.select_for_update(of=("self",)).select_related("firm").filter(pk=invitation_id)
        found = invitation.first()
        if found is None or not found.is_open or found.expires_at > now or found.invited_by_id is None:
            return False
        still_there = Membership.objects.filter(
            firm_id=firm_id, user_id=found.invited_by_id, status=Membership.Status.ACTIVE
        )
        if not still_there.exists():
            return False
        tell(
            found.invited_by_id,
            kind="accounts.invitation_expired",
            firm=found.firm.name,
            invited_email=found.email,
            address=firm_address_of("/firm/people", found.firm.public_id),
        )
        return True
