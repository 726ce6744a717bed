"""People and firms: getting in, who may see what, leaving."""

from apps.notifications.contracts import Category, Channel, ContextValue
from apps.notifications.rules.kinds.kind import EMAIL, EMAIL_AND_INBOX, Kind

_NAME, _FIRM, _COLLEAGUE = "Olivia Hart", "Ash & Birch LLP", "Cole League"
_AT, _LATER = "2026-03-03T21:15:00+00:00", "2026-03-10T21:15:00+00:00"
_START = "https://app.smarterfirms.com/"
_ASH = "?firm=0190a6e4-1c2f-7d7a-9b1e-5c2d8f3a7b60"
_PEOPLE = f"https://app.smarterfirms.com/firm/people{_ASH}"


def _kind(
    key: str, label: str, channels: tuple[Channel, ...], may_refuse: bool = False, **sample: ContextValue
) -> Kind:
    return Kind(
        key=f"accounts.{key}",
        label=label,
        category=Category.TRANSACTIONAL,
        channels=channels,
        by_default=True,
        may_refuse=may_refuse,
        may_wait=may_refuse,
        sample=sample,
    )


KINDS = (
    _kind("welcome", "Welcome to Smarter Firms", EMAIL, name=_NAME),
    _kind(
        "email_verification",
        "Confirm your email address",
        EMAIL,
        name=_NAME,
        address="https://app.smarterfirms.com/verify/3kTq9ZbX",
        hours=24,
    ),
    _kind(
        "invitation",
        "Invitation to a firm",
        EMAIL,
        firm=_FIRM,
        inviter=_NAME,
        role="member",
        address="https://app.smarterfirms.com/invitations/Hn4wS8",
        expires_at=_LATER,
    ),
    _kind(
        "invitation_accepted",
        "Invitation accepted",
        EMAIL_AND_INBOX,
        may_refuse=True,
        firm=_FIRM,
        person=_COLLEAGUE,
        role="member",
        address=_PEOPLE,
    ),
    _kind(
        "invitation_expired",
        "Invitation ran out unanswered",
        EMAIL_AND_INBOX,
        may_refuse=True,
        firm=_FIRM,
        invited_email="cole@ashandbirch.com",
        address=_PEOPLE,
    ),
    _kind(
        "role_changed",
        "Your role in a firm changed",
        EMAIL_AND_INBOX,
        firm=_FIRM,
        person=_NAME,
        role="admin",
        sees="everything of the firm",
        address=_START,
    ),
    _kind(
        "membership_suspended",
        "Your access to a firm is paused",
        EMAIL_AND_INBOX,
        firm=_FIRM,
        reason="Your user in Clio was turned off.",
        owner=_NAME,
    ),
    _kind("membership_restored", "Your access to a firm is back", EMAIL_AND_INBOX, firm=_FIRM, address=_START),
    _kind("membership_ended", "Your access to a firm ended", EMAIL_AND_INBOX, firm=_FIRM, ended_at=_AT, owner=_NAME),
    _kind(
        "member_left",
        "Somebody left the firm",
        EMAIL_AND_INBOX,
        may_refuse=True,
        firm=_FIRM,
        person=_COLLEAGUE,
        left_at=_AT,
        address=_PEOPLE,
    ),
    _kind(
        "member_off_in_clio",
        "A member's Clio user was turned off",
        EMAIL_AND_INBOX,
        firm=_FIRM,
        person=_COLLEAGUE,
        is_owner=False,
        address=_PEOPLE,
    ),
    _kind(
        "ownership_offered",
        "Ownership of a firm offered to you",
        EMAIL_AND_INBOX,
        firm=_FIRM,
        owner=_NAME,
        expires_at=_LATER,
        address=f"https://app.smarterfirms.com/firm/ownership{_ASH}",
    ),
    _kind(
        "ownership_not_taken",
        "Your offer of a firm's ownership ended",
        EMAIL_AND_INBOX,
        firm=_FIRM,
        person=_COLLEAGUE,
        has_declined=True,
        address=f"https://app.smarterfirms.com/firm/ownership{_ASH}",
    ),
    _kind(
        "ownership_transferred",
        "Ownership of a firm changed hands",
        EMAIL_AND_INBOX,
        firm=_FIRM,
        from_person=_NAME,
        to_person=_COLLEAGUE,
        changed_at=_AT,
        address=_PEOPLE,
    ),
    _kind(
        "second_factor_required",
        "Your firm asks for a second step",
        EMAIL_AND_INBOX,
        firm=_FIRM,
        required_on="2026-03-17",
        address="https://app.smarterfirms.com/account/second-step",
    ),
    _kind(
        "copy_of_everything_ready",
        "Your copy of the firm's records is ready",
        EMAIL_AND_INBOX,
        firm=_FIRM,
        size="418 MB",
        expires_at=_LATER,
        address=f"https://app.smarterfirms.com/firm/copies/184{_ASH}",
    ),
    _kind(
        "firm_erasure_scheduled",
        "A firm will be erased",
        EMAIL_AND_INBOX,
        firm=_FIRM,
        person=_NAME,
        erased_on="2026-04-02",
        address=f"https://app.smarterfirms.com/firm/erasure{_ASH}",
    ),
    _kind(
        "firm_erasure_stopped",
        "A firm will not be erased",
        EMAIL_AND_INBOX,
        firm=_FIRM,
        person=_NAME,
        stopped_at=_AT,
    ),
    _kind(
        "firm_erased",
        "A firm was erased",
        EMAIL,
        firm=_FIRM,
        erased_at=_AT,
        records=418229,
        proof="ERA-0190a6e4-1c2f-7d7a-9b1e-5c2d8f3a7b60",
        address="https://app.smarterfirms.com/erasures/0190a6e4-1c2f-7d7a-9b1e-5c2d8f3a7b60",
    ),
    _kind(
        "account_deletion_scheduled",
        "Your account will be deleted",
        EMAIL,
        name=_NAME,
        deleted_on="2026-03-17",
        address="https://app.smarterfirms.com/account/keep/4sGv",
    ),
    _kind("account_deleted", "Your account was deleted", EMAIL, name=_NAME),
    _kind(
        "consultant_looked",
        "A consultant opened your firm's numbers",
        EMAIL_AND_INBOX,
        may_refuse=True,
        firm=_FIRM,
        person="Connie Sultant",
        looked_at=_AT,
        address=f"https://app.smarterfirms.com/firm/audit{_ASH}",
    ),
)
