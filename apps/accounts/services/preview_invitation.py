"""Show what a mailed invitation offers before it is accepted."""

from dataclasses import dataclass
from datetime import datetime

from apps.accounts.models import Invitation, User
from apps.accounts.services.accept_invitation import find_invitation, lock_open_invitation
from apps.core.tenancy import tenant


@dataclass(frozen=True, slots=True)
class Offer:
    """What an invitation says. has_account: whether its address signs in to accept, or makes an account."""

    firm_name: str
    inviter_name: str
    email: str
    role: str
    expires_at: datetime
    has_account: bool


def preview_invitation(*, token: str, now: datetime) -> Offer:
    """Return the offer behind a token; whoever holds it reads the mailbox it names. Raises LinkRefused."""
    firm_id, invitation_id = find_invitation(token)
    with tenant(firm_id):
        lock_open_invitation(invitation_id, now)
        invitation = Invitation.objects.select_related("firm", "invited_by").get(pk=invitation_id)
    user = User.objects.with_email(invitation.email).first()
    return Offer(
        firm_name=invitation.firm.name,
        inviter_name=invitation.invited_by.name if invitation.invited_by else "",
        email=invitation.email,
        role=invitation.role,
        expires_at=invitation.expires_at,
        has_account=user is not None and (user.email_verified_at is not None or user.has_usable_password()),
    )
