"""Take an outside log-in away from a person's account."""

from datetime import datetime
from uuid import UUID

from apps.accounts.contracts import Origin
from apps.accounts.errors import IdentityNotFound, LastWayIn
from apps.accounts.models import LinkedIdentity, Session, User
from apps.accounts.rules.devices import name_device
from apps.accounts.services.mailed_links import address_of
from apps.core import audit
from apps.core.tenancy import acting_as
from apps.notifications.interface import notify


def unlink_identity(*, user_id: int, session_id: int | None, public_id: UUID, origin: Origin, now: datetime) -> None:
    """Remove the link, end the sessions opened by that provider except this one, and tell the person.

    Call it only after the person proved to be themselves. Raises IdentityNotFound; LastWayIn where neither a password
    nor another log-in would be left.
    """
    with acting_as(user_id):
        user = User.objects.select_for_update().get(pk=user_id)  # two at one moment must not each leave the other
        linked = LinkedIdentity.objects.filter(user_id=user_id)
        gone = linked.filter(public_id=public_id).first()
        if gone is None:
            raise IdentityNotFound
        if not user.has_usable_password() and not linked.exclude(pk=gone.pk).exists():
            raise LastWayIn("Choose a password first: ask for a link under “Forgot your password?”.")
        gone.delete()
        Session.objects.filter(user_id=user_id, revoked_at__isnull=True, methods__contains=[gone.provider]).exclude(
            pk=session_id or 0
        ).update(revoked_at=now, revoked_because="log-in taken away")
        _tell(user, gone, origin, now)


def _tell(user: User, gone: LinkedIdentity, origin: Origin, now: datetime) -> None:
    context = {
        "name": user.name,
        "clio_email": gone.email or gone.name or f"user {gone.subject}",
        "changed_at": now.isoformat(),
        "device": name_device(origin.user_agent),
        "address": address_of("/account/sessions"),
    }
    notify(recipient=user.pk, kind=f"accounts.{gone.provider}_sign_in_unlinked", context=context)
    audit.record(
        "accounts.identity_unlinked",
        user_id=user.pk,
        ip=origin.ip,
        target=f"{gone.provider} user {gone.subject}",
        region=gone.region,
    )
