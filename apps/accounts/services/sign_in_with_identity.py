"""Somebody comes back from a provider that vouches for them: where do they go on, and with what?"""

from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction

from apps.accounts.contracts import (
    HandOver,
    IdentityPurpose,
    Origin,
    OutsideIdentity,
    PendingSignIn,
    SignedIn,
    TakenAttempt,
)
from apps.accounts.errors import IdentityUnknown
from apps.accounts.models import LinkedIdentity, User
from apps.accounts.queries.identities import find_owner
from apps.accounts.services.log_in import begin_session
from apps.accounts.services.sealed_notes import open_note, seal_note
from apps.core import audit
from apps.core.tenancy import acting_as

_KIND = "proved_identity"
# Under this name a browser's session carries what was sealed.
PROVED_IDENTITY = "proved_identity"


@dataclass(frozen=True, slots=True)
class Proof:
    """What a hand-over says. user_id, session_id: whose wish it was to link it, and in which session."""

    identity: OutsideIdentity
    purpose: IdentityPurpose
    back_to: str
    user_id: int | None
    session_id: int | None


def sign_in_with_identity(
    *, attempt: TakenAttempt, identity: OutsideIdentity, origin: Origin, now: datetime
) -> HandOver:
    """Return the page on which a proved identity goes on, and what that page is handed; it opens nothing by itself.

    A linked identity signs in. Another one never opens an account because its email address is somebody's: its owner
    signs in and links it, registers, or accepts an invitation with it. The answer for an identity that is not linked is
    the same whether or not its address has an account here.
    """
    sealed = seal_note(
        _KIND,
        {
            "identity": asdict(identity),
            "purpose": attempt.purpose.value,
            "back_to": attempt.back_to,
            "user_id": attempt.user_id,
            "session_id": attempt.session_id,
        },
        now=now,
    )
    if attempt.purpose is IdentityPurpose.LINK:
        return HandOver(sealed, "/account/ways-in/link")
    if find_owner(identity) is not None:
        return HandOver(sealed, "/sign-in/identity")
    if attempt.purpose is IdentityPurpose.REGISTER:
        return HandOver(sealed, "/register/identity")
    if attempt.purpose is IdentityPurpose.JOIN and attempt.back_to:
        return HandOver(sealed, attempt.back_to)
    with transaction.atomic():
        audit.record("accounts.sign_in_refused", ip=origin.ip, method=identity.provider)
    return HandOver(sealed, "/sign-in/identity/unknown")


def read_proof(sealed: str, *, now: datetime) -> Proof | None:
    """Return the identity that was handed over, or None when there is none or its ten minutes are over."""
    values = open_note(_KIND, sealed, now=now)
    if values is None:
        return None
    identity = OutsideIdentity(**values.pop("identity"))
    return Proof(identity=identity, **values | {"purpose": IdentityPurpose(values["purpose"])})


def enter_with_identity(
    *, identity: OutsideIdentity, origin: Origin, now: datetime, device_token: str = ""
) -> SignedIn | PendingSignIn:
    """Open a session for whose account the identity is linked to, or ask for the second factor.

    It stands in for the password and for nothing else. Raises IdentityUnknown, for a closed account too.
    """
    owner = find_owner(identity)
    if owner is None or not User.objects.filter(pk=owner[0], is_active=True).exists():
        raise IdentityUnknown
    user_id, identity_id = owner
    with acting_as(user_id):
        LinkedIdentity.objects.filter(pk=identity_id).update(
            last_used_at=now,
            email=identity.email[:254],
            name=identity.name[:200],
            account_name=identity.account_name[:200],
        )
    return begin_session(user_id=user_id, first=identity.provider, origin=origin, now=now, device_token=device_token)
