"""How long accounts keeps what it needs no longer (docs/retention.md). The policies of the tables say the same."""

from django.db.models import Model

from apps.accounts.models import (
    ApiKey,
    ConsultantLook,
    EmailChange,
    FirmExport,
    IdentityAttempt,
    Invitation,
    MailedToken,
    OwnershipOffer,
    SentCode,
    Session,
    TrustedDevice,
    TryCounter,
)
from apps.core.retention import keep

# name, table, days, the row's end.
_ENDS: tuple[tuple[str, type[Model], int, str], ...] = (
    ("sessions", Session, 90, "least(expires_at, revoked_at)"),
    ("mailed_links", MailedToken, 30, "expires_at"),
    ("sent_codes", SentCode, 7, "expires_at"),
    ("trusted_devices", TrustedDevice, 0, "expires_at"),
    ("try_counters", TryCounter, 2, "last_tried_at"),
    ("identity_attempts", IdentityAttempt, 1, "expires_at"),
    ("email_changes", EmailChange, 90, "expires_at"),
    ("invitations", Invitation, 90, "least(accepted_at, revoked_at, expires_at)"),
    ("api_keys", ApiKey, 365, "least(revoked_at, expires_at)"),
    ("ownership_offers", OwnershipOffer, 365, "answered_at"),
    ("consultant_looks", ConsultantLook, 30, "looked_on"),
)


def register_retention() -> None:
    """Add this app's rules."""
    for name, model, days, end in _ENDS:
        keep(f"accounts.{name}", days=days, old=f"{end} < now() - interval '{days} days'", model=model)
    # The file of a copy is removed on its day by a job of its own; this is what is left of it in the list.
    gone = "status = 'expired' AND expires_at < now() - interval '365 days'"
    keep("accounts.firm_copies", days=365, old=gone, model=FirmExport)
