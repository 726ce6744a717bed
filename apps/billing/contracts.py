"""What crosses the rooms and the door of billing."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class SubscriptionState(StrEnum):
    """Where a firm stands with us. past_due is a grace: all works, with a banner."""

    TRIALING = "trialing"
    ACTIVE = "active"
    PAST_DUE = "past_due"
    SUSPENDED = "suspended"
    CANCELED = "canceled"


class PlanKey(StrEnum):
    """A price a firm can choose; Stripe's lookup keys too."""

    INDIVIDUAL_MONTHLY = "individual_monthly"
    INDIVIDUAL_YEARLY = "individual_yearly"
    FIRM_MONTHLY = "firm_monthly"
    FIRM_YEARLY = "firm_yearly"


@dataclass(frozen=True, slots=True)
class Entitlement:
    """What a firm may do now.

    may_read: see its numbers. may_write: change anything and make new reports. may_sync: fetch from Clio. Exporting
    what is there, and paying, are always possible. plan: None until one is chosen.
    """

    state: SubscriptionState
    may_read: bool
    may_write: bool
    may_sync: bool
    trial_ends_at: datetime | None
    plan: PlanKey | None


@dataclass(frozen=True, slots=True)
class SubscriptionSummary:
    """A firm's subscription as its people see it. days_left: of the trial, begun days count whole; None after it."""

    entitlement: Entitlement
    days_left: int | None
    seats: int | None
