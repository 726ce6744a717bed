"""Offer an address a place in a firm, and send the offer again."""

import secrets
from datetime import datetime, timedelta

from apps.accounts import jobs
from apps.accounts.contracts import Place
from apps.accounts.errors import AlreadyInvited, AlreadyMember, InvitationNotFound, TooManyInvitations
from apps.accounts.models import Firm, Invitation, Membership, User
from apps.accounts.rules.api_keys import digest_of_secret
from apps.accounts.services.change_member import check_place
from apps.accounts.services.firm_lock import check_authority, lock_firm
from apps.accounts.services.mailed_links import address_of
from apps.core import audit
from apps.core.errors import RateLimited
from apps.core.jobs import enqueue
from apps.core.tenancy import tenant
from apps.notifications.interface import OutsideAddress, notify

LIFETIME = timedelta(days=7)
MOST_OPEN = 200
_RESENT_AFTER = timedelta(minutes=1)


def invite_person(*, firm_id: int, actor_id: int, email: str, place: Place, now: datetime) -> int:
    """Write the invitation and promise its mail; return its id. The mailed link works once, for seven days.

    Raises OwnersOnly, InvalidInput, AlreadyMember, AlreadyInvited, TooManyInvitations.
    """
    with tenant(firm_id):
        firm = lock_firm(firm_id)
        check_authority(firm_id, actor_id, before=None, after=place.role)
        check_place(firm_id, place)
        _check_address(firm_id, email, now)
        invitation = Invitation(
            firm=firm,
            email=email,
            role=place.role,
            scope=place.scope,
            grants=[dict(grant) for grant in place.grants],
            permissions=list(place.permissions),
            level=place.level,
            clio_user_id=place.clio_user_id,
            hides_client_names=place.hides_client_names,
        )
        _send(invitation, firm, actor_id, now)
        audit.record(
            "accounts.person_invited",
            firm_id=firm_id,
            user_id=actor_id,
            target=f"invitation:{invitation.pk}",
            role=place.role,
            scope=place.scope,
        )
    return invitation.pk


def resend_invitation(*, firm_id: int, invitation_id: int, actor_id: int, now: datetime) -> None:
    """Mail a new link and let it run seven days from now; the former link ends. An expired one comes alive again.

    Raises InvitationNotFound, OwnersOnly; RateLimited within a minute of the last mail.
    """
    with tenant(firm_id):
        firm = lock_firm(firm_id)
        invitation = find_open(firm_id, invitation_id)
        check_authority(firm_id, actor_id, before=None, after=invitation.role)
        if now < invitation.sent_at + _RESENT_AFTER:
            raise RateLimited("The last mail left a moment ago.", retry_after_seconds=60)
        _send(invitation, firm, actor_id, now)
        audit.record(
            "accounts.invitation_resent", firm_id=firm_id, user_id=actor_id, target=f"invitation:{invitation.pk}"
        )


def revoke_invitation(*, firm_id: int, invitation_id: int, actor_id: int, now: datetime) -> None:
    """Take an invitation back; its link ends. Raises InvitationNotFound, OwnersOnly."""
    with tenant(firm_id):
        lock_firm(firm_id)
        invitation = find_open(firm_id, invitation_id)
        check_authority(firm_id, actor_id, before=None, after=invitation.role)
        invitation.revoked_at = now
        invitation.save(update_fields=["revoked_at"])
        audit.record(
            "accounts.invitation_revoked", firm_id=firm_id, user_id=actor_id, target=f"invitation:{invitation.pk}"
        )


def find_open(firm_id: int, invitation_id: int) -> Invitation:
    """Lock an open invitation of the firm, expired or not. Raises InvitationNotFound."""
    invitation = (
        Invitation.objects.select_for_update()
        .filter(pk=invitation_id, firm_id=firm_id, accepted_at__isnull=True, revoked_at__isnull=True)
        .first()
    )
    if invitation is None:
        raise InvitationNotFound
    return invitation


def _check_address(firm_id: int, email: str, now: datetime) -> None:
    members = Membership.objects.filter(firm_id=firm_id, user__email__iexact=email)
    if members.exclude(status=Membership.Status.ENDED).exists():
        raise AlreadyMember
    still_open = Invitation.objects.filter(firm_id=firm_id, accepted_at__isnull=True, revoked_at__isnull=True)
    same_address = still_open.filter(email__iexact=email)
    if same_address.filter(expires_at__gt=now).exists():
        raise AlreadyInvited
    same_address.update(revoked_at=now)
    if still_open.filter(expires_at__gt=now).count() >= MOST_OPEN:
        raise TooManyInvitations(f"A firm has at most {MOST_OPEN} open invitations; revoke some first.")


def _send(invitation: Invitation, firm: Firm, actor_id: int, now: datetime) -> None:
    token = secrets.token_urlsafe(32)
    invitation.token_hash = digest_of_secret(token)
    invitation.invited_by_id = actor_id
    invitation.sent_at, invitation.expires_at = now, now + LIFETIME
    invitation.save()
    notify(
        recipient=OutsideAddress(invitation.email),
        kind="accounts.invitation",
        context={
            "firm": firm.name,
            "inviter": User.objects.get(pk=actor_id).name,
            "role": invitation.role,
            "address": address_of(f"/invitations/{token}"),
            "expires_at": invitation.expires_at.isoformat(),
        },
        firm_id=firm.pk,
    )
    enqueue(
        jobs.NOTE_EXPIRED_INVITATION,
        firm_id=firm.pk,
        available_at=invitation.expires_at,
        invitation_id=invitation.pk,
    )
