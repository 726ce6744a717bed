"""What a firm may do follows from its state and the clock."""

from datetime import UTC, datetime, timedelta

import pytest

from apps.billing.contracts import Entitlement, PlanKey, SubscriptionState
from apps.billing.rules.entitlement import decide_entitlement, trial_days_left, trial_end

ENDS = datetime(2026, 3, 15, 12, tzinfo=UTC)
BEFORE, AFTER = ENDS - timedelta(microseconds=1), ENDS


@pytest.mark.parametrize(
    ("stored", "now", "state", "may"),
    [
        ("trialing", BEFORE, "trialing", (True, True, True)),
        ("trialing", AFTER, "suspended", (True, False, False)),
        ("active", AFTER, "active", (True, True, True)),
        ("past_due", AFTER, "past_due", (True, True, True)),
        ("suspended", BEFORE, "suspended", (True, False, False)),
        ("canceled", BEFORE, "canceled", (False, False, False)),
    ],
)
def test_entitlement(stored, now, state, may):
    decided = decide_entitlement(SubscriptionState(stored), trial_ends_at=ENDS, plan=PlanKey.FIRM_MONTHLY, now=now)

    may_read, may_write, may_sync = may
    assert decided == Entitlement(SubscriptionState(state), may_read, may_write, may_sync, ENDS, PlanKey.FIRM_MONTHLY)


@pytest.mark.parametrize(
    ("started_at", "ends_at"),
    [
        (datetime(2026, 1, 31, 23, 59, tzinfo=UTC), datetime(2026, 2, 14, 23, 59, tzinfo=UTC)),
        (
            datetime(2026, 3, 1, 7, tzinfo=UTC),
            datetime(2026, 3, 15, 7, tzinfo=UTC),
        ),  # New York springs ahead on the 8th
        (datetime(2028, 2, 20, tzinfo=UTC), datetime(2028, 3, 5, tzinfo=UTC)),  # a leap year
    ],
)
def test_a_trial_is_fourteen_days(started_at, ends_at):
    assert trial_end(started_at) == ends_at


@pytest.mark.parametrize(
    ("before_the_end", "days"),
    [(timedelta(days=14), 14), (timedelta(days=13, seconds=1), 14), (timedelta(seconds=1), 1), (timedelta(0), None)],
)
def test_a_begun_day_counts_whole(before_the_end, days):
    now = ENDS - before_the_end
    decided = decide_entitlement(SubscriptionState.TRIALING, trial_ends_at=ENDS, plan=None, now=now)

    assert trial_days_left(decided, now=now) == days
