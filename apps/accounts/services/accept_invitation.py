"""Take the place an invitation offers, as a new person or as one who has an account."""

from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, connection, transaction

from apps.accounts.contracts import Agreed, Origin, OutsideIdentity, Place
from apps.accounts.errors import (
    AlreadyMember,
    InvitationOfAnother,
    LinkRefused,
    OwnersOnly,
    SignInToAccept,
)
from apps.accounts.models import Invitation, Membership, User
from apps.accounts.queries.factors import may_trust_devices
from apps.accounts.rules.api_keys import digest_of_secret
from apps.accounts.services.agree_personally import check_versions, note_agreement
from apps.accounts.services.change_member import set_place
from apps.accounts.services.check_password_policy import check_password_policy
from apps.accounts.services.contact_card import update_contact_card
from apps.accounts.services.distrust_devices import distrust_devices
from apps.accounts.services.firm_lock import check_authority, lock_firm
from apps.accounts.services.link_identity import link_identity
from apps.accounts.services.mailed_links import firm_address_of, link_refused
from apps.accounts.services.people_told import tell_administrators
from apps.core import audit
from apps.core.tenancy import acting_as, tenant
from apps.notifications.interface import notify


def accept_as_new_person(*, token: str, name: str, password: str, agreed: Agreed, now: datetime) -> int:
    """Register the invited address and accept; return the user's id. The mailed link proves the address.

    A registration of the same address that was never confirmed is taken over. Raises LinkRefused, PasswordRefused,
    TermsOutdated; SignInToAccept when the address has an account.
    """
    firm_id, invitation_id = find_invitation(token)
    with tenant(firm_id):
        email = lock_open_invitation(invitation_id, now).email
    check_password_policy(email=email, name=name, password=password)
    user_id = _open_account(email, name, make_password(password), agreed, now)
    accept_as_member(token=token, user_id=user_id, now=now)
    return user_id


def accept_with_identity(
    *, token: str, name: str, identity: OutsideIdentity, agreed: Agreed, origin: Origin, now: datetime
) -> int:
    """Do the same for somebody who signs in by a provider instead of a password; return the user's id.

    Raises LinkRefused, SignInToAccept; IdentityTaken, which opens no account.
    """
    firm_id, invitation_id = find_invitation(token)
    with tenant(firm_id):
        email = lock_open_invitation(invitation_id, now).email
    with transaction.atomic():
        user_id = _open_account(email, name, make_password(None), agreed, now)
        link_identity(user_id=user_id, identity=identity, origin=origin, now=now)
    accept_as_member(token=token, user_id=user_id, now=now)
    return user_id


def _open_account(email: str, name: str, password: str, agreed: Agreed, now: datetime) -> int:
    check_versions(agreed.versions)
    with transaction.atomic():
        user = _claim(email)
        user.name, user.password = name, password
        user.email_verified_at = user.password_changed_at = now
        user.save()
        with acting_as(user.pk):
            update_contact_card(user_id=user.pk)
            notify(recipient=user.pk, kind="accounts.welcome", context={"name": name})
            audit.record("accounts.registered", user_id=user.pk)
            note_agreement(user_id=user.pk, versions=agreed.versions, ip=agreed.ip, agreed_at=agreed.at)
    return user.pk


def _claim(email: str) -> User:
    """Return the unconfirmed account of an address, locked, or a new one. Raises SignInToAccept."""
    user = User.objects.with_email(email).select_for_update().first()
    if user is None:
        try:
            with transaction.atomic():
                return User.objects.create_user(email, None)
        except IntegrityError as error:  # somebody was faster with the same link
            raise SignInToAccept from error
    if user.email_verified_at is not None or user.has_usable_password():
        raise SignInToAccept
    return user


def accept_as_member(*, token: str, user_id: int, now: datetime) -> int:
    """Make the signed-in person a member with the offered place and tell owners and admins; return the firm's id.

    Of two who come at once the second is refused. Raises LinkRefused, also when whoever invited may no longer invite;
    InvitationOfAnother, AlreadyMember.
    """
    firm_id, invitation_id = find_invitation(token)
    user = User.objects.get(pk=user_id)
    with tenant(firm_id):
        firm = lock_firm(firm_id)
        invitation = lock_open_invitation(invitation_id, now)
        if invitation.email.lower() != user.email.lower():
            raise InvitationOfAnother
        _check_inviter(invitation)
        member = _join(invitation, user)
        if not may_trust_devices(user_id=user_id):  # what another firm allows is not this one's will
            distrust_devices(user_id=user_id)
        invitation.accepted_at, invitation.accepted_by = now, user
        invitation.save(update_fields=["accepted_at", "accepted_by"])
        User.objects.filter(pk=user_id, email_verified_at__isnull=True).update(email_verified_at=now)
        audit.record(
            "accounts.invitation_accepted",
            firm_id=firm_id,
            user_id=user_id,
            target=f"membership:{member.pk}",
            invitation=invitation_id,
        )
        tell_administrators(
            firm_id=firm_id,
            kind="accounts.invitation_accepted",
            but_not=(user_id,),
            firm=firm.name,
            person=user.name,
            role=member.role,
            address=firm_address_of("/firm/people", firm.public_id),
        )
    return firm_id


def find_invitation(token: str) -> tuple[int, int]:
    """Return the ids of firm and invitation behind a mailed token. Raises LinkRefused."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT firm_id, invitation_id FROM resolve_invitation(%s)", [digest_of_secret(token)])
        row: tuple[int, int] | None = cursor.fetchone()
    if row is None:
        raise link_refused()
    return row


def lock_open_invitation(invitation_id: int, now: datetime) -> Invitation:
    """Lock an invitation that may be accepted, inside its firm's transaction. Raises LinkRefused."""
    invitation = Invitation.objects.select_for_update().filter(pk=invitation_id).first()
    if invitation is None or not invitation.is_open or invitation.expires_at <= now:
        raise link_refused()
    return invitation


def _check_inviter(invitation: Invitation) -> None:
    try:
        check_authority(invitation.firm_id, invitation.invited_by_id or 0, before=None, after=invitation.role)
    except OwnersOnly as error:
        raise LinkRefused("Whoever invited you may no longer do so. Ask the firm for another invitation.") from error


def _join(invitation: Invitation, user: User) -> Membership:
    """Make the membership, or open again the one the person once had."""
    firm_id = invitation.firm_id
    member = Membership.objects.filter(firm_id=firm_id, user=user).first() or Membership(firm_id=firm_id, user=user)
    if member.pk is not None and member.status != Membership.Status.ENDED:
        raise AlreadyMember
    # Somebody else may have become this Clio user since; the person joins all the same, and is mapped later.
    is_taken = Membership.objects.filter(
        firm_id=firm_id, clio_user_id=invitation.clio_user_id, status=Membership.Status.ACTIVE
    ).exists()
    place = Place(
        role=invitation.role,
        scope=invitation.scope,
        grants=tuple(invitation.grants),
        permissions=tuple(invitation.permissions),
        level=invitation.level,
        clio_user_id=None if is_taken else invitation.clio_user_id,
        hides_client_names=invitation.hides_client_names,
    )
    set_place(member, place)
    member.status, member.status_reason, member.ended_at = Membership.Status.ACTIVE, "", None
    member.save()
    return member
