"""Paying and being paid: to the people of a firm who can act."""

from apps.notifications.contracts import Category, Channel, ContextValue
from apps.notifications.rules.kinds.kind import EMAIL, EMAIL_AND_INBOX, Kind

_FIRM = "Ash & Birch LLP"
_AT = "2026-03-03T21:15:00+00:00"
_PAGE = "https://app.smarterfirms.com/firm/billing"


def _kind(
    key: str,
    label: str,
    channels: tuple[Channel, ...] = EMAIL_AND_INBOX,
    may_refuse: bool = False,
    **sample: ContextValue,
) -> Kind:
    return Kind(
        key=f"billing.{key}",
        label=label,
        category=Category.TRANSACTIONAL,
        channels=channels,
        by_default=True,
        may_refuse=may_refuse,
        may_wait=may_refuse,
        sample={"firm": _FIRM, **sample},
    )


KINDS = (
    _kind("trial_started", "Trial started", may_refuse=True, days=14, ends_on="2026-03-17", address=_PAGE),
    _kind("trial_ending", "Trial about to end", days=3, ends_on="2026-03-17", seats=12, address=_PAGE),
    _kind("trial_ended", "Trial ended", ended_on="2026-03-17", kept_until="2026-04-16", address=_PAGE),
    _kind(
        "subscription_started",
        "Subscription started",
        plan="Firm, monthly",
        seats=12,
        amount="300.00",
        currency="USD",
        next_on="2026-04-17",
        address=_PAGE,
    ),
    _kind(
        "receipt",
        "Receipt",
        EMAIL,
        number="SF-2026-00318",
        paid_on="2026-03-17",
        plan="Firm, monthly",
        seats=12,
        subtotal="300.00",
        tax="24.75",
        total="324.75",
        currency="USD",
        card="Visa ending in 4242",
        address=_PAGE,
    ),
    _kind(
        "payment_failed",
        "Payment failed",
        amount="324.75",
        currency="USD",
        card="Visa ending in 4242",
        next_try_on="2026-03-20",
        address=_PAGE,
    ),
    _kind(
        "payment_needs_you",
        "Payment waits for your confirmation",
        amount="324.75",
        currency="USD",
        address=_PAGE,
    ),
    _kind("card_expiring", "Card about to expire", card="Visa ending in 4242", expires_on="2026-03-31", address=_PAGE),
    _kind(
        "suspension_warning",
        "Account about to be suspended",
        amount="324.75",
        currency="USD",
        suspends_on="2026-03-31",
        address=_PAGE,
    ),
    _kind("suspended", "Account suspended", amount="324.75", currency="USD", kept_until="2026-04-30", address=_PAGE),
    _kind("restored", "Account open again", restored_at=_AT, address="https://app.smarterfirms.com/"),
    _kind(
        "seats_changed",
        "Number of seats changed",
        before=12,
        after=14,
        people="Dana Field\nRavi Osei",
        change="38.71",
        currency="USD",
        amount="350.00",
        next_on="2026-04-17",
        address=_PAGE,
    ),
    _kind(
        "plan_changed",
        "Plan changed",
        before="Individual, monthly",
        plan="Firm, yearly",
        amount="3000.00",
        currency="USD",
        starts_on="2026-03-17",
        address=_PAGE,
    ),
    _kind(
        "plan_does_not_fit",
        "Your plan no longer fits your seats",
        plan="Individual, monthly",
        seats=2,
        fits_until="2026-03-17",
        address=_PAGE,
    ),
    _kind(
        "refunded",
        "Refund",
        EMAIL,
        amount="38.71",
        currency="USD",
        refunded_on="2026-03-03",
        card="Visa ending in 4242",
    ),
    _kind(
        "cancellation_scheduled",
        "Subscription will end",
        person="Olivia Hart",
        ends_on="2026-04-17",
        export_until="2026-05-17",
        erased_on="2026-05-18",
        address=_PAGE,
    ),
    _kind("cancellation_withdrawn", "Subscription goes on", person="Olivia Hart", next_on="2026-04-17", address=_PAGE),
    _kind(
        "canceled",
        "Subscription ended",
        ended_on="2026-04-17",
        export_until="2026-05-17",
        erased_on="2026-05-18",
        address="https://app.smarterfirms.com/firm/copies",
    ),
    _kind(
        "erasure_reminder",
        "Records about to be erased",
        days=7,
        erased_on="2026-05-18",
        address="https://app.smarterfirms.com/firm/copies",
    ),
)
