"""The connection to Clio, and whether what we show is what Clio has."""

from apps.notifications.contracts import Category, Channel, ContextValue
from apps.notifications.rules.kinds.kind import EMAIL_AND_INBOX, IN_APP, Kind

_FIRM = "Ash & Birch LLP"
_AT, _EARLIER = "2026-03-03T21:15:00+00:00", "2026-03-03T09:40:00+00:00"
_HEALTH = "https://app.smarterfirms.com/firm/clio"


def _kind(
    key: str,
    label: str,
    channels: tuple[Channel, ...] = EMAIL_AND_INBOX,
    category: Category = Category.SYSTEM,
    may_refuse: bool = False,
    **sample: ContextValue,
) -> Kind:
    return Kind(
        key=f"clio.{key}",
        label=label,
        category=category,
        channels=channels,
        by_default=True,
        may_refuse=may_refuse,
        may_wait=may_refuse,
        sample={"firm": _FIRM, **sample},
    )


KINDS = (
    _kind(
        "connected",
        "Clio connected",
        category=Category.TRANSACTIONAL,
        clio_account="Ash & Birch (US)",
        person="Olivia Hart",
        address=_HEALTH,
    ),
    _kind(
        "first_numbers_ready",
        "Your first numbers are ready",
        category=Category.TRANSACTIONAL,
        records=61284,
        since_on="2023-03-01",
        figures="Utilization, last 12 months\t68.4%\nBilled\t$1,284,310.00\nCollected\t$1,197,022.40\n"
        "Owed to you today\t$214,870.15",
        address="https://app.smarterfirms.com/overview",
    ),
    _kind("grant_revoked", "Clio withdrew our access", since_at=_AT, address=_HEALTH),
    _kind(
        "grant_revoked_reminder",
        "Clio still not connected",
        since_at=_EARLIER,
        days=3,
        address=_HEALTH,
    ),
    _kind(
        "disconnected",
        "Clio disconnected",
        category=Category.TRANSACTIONAL,
        person="Olivia Hart",
        disconnected_at=_AT,
        address=_HEALTH,
    ),
    _kind(
        "sync_failing",
        "Numbers fall behind Clio",
        subject_matter="Activities",
        last_success_at=_EARLIER,
        reason="Clio answers with errors.",
        address=_HEALTH,
    ),
    _kind(
        "sync_recovered",
        "Numbers caught up with Clio",
        may_refuse=True,
        behind_for="3 hours 20 minutes",
        address=_HEALTH,
    ),
    _kind(
        "webhooks_lapsed", "Clio no longer announces changes", IN_APP, may_refuse=True, since_at=_AT, address=_HEALTH
    ),
    _kind(
        "webhooks_lapsing",
        "Clio is about to stop announcing changes",
        IN_APP,
        may_refuse=True,
        until_at="2026-03-09T21:15:00+00:00",
        address=_HEALTH,
    ),
    _kind(
        "drift_found",
        "Records differ from Clio",
        may_refuse=True,
        found=14,
        mended=14,
        checked_on="2026-03-03",
        address=_HEALTH,
    ),
    _kind(
        "sight_reduced",
        "Clio shows us less than before",
        hidden=312,
        subject_matter="rates and amounts of 2 timekeepers",
        clio_user="Olivia Hart",
        address=_HEALTH,
    ),
    _kind(
        "other_account_refused",
        "A different Clio account was refused",
        IN_APP,
        person="Cole League",
        refused_at=_AT,
        address=_HEALTH,
    ),
)
