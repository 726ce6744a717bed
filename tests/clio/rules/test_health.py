"""What is not well is said in sentences, with what helps."""

from datetime import UTC, datetime, timedelta

import pytest

from apps.clio.contracts import ConnectionStatus, Drift, EntityHealth
from apps.clio.rules import health

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)


def entity(name: str = "activities", *, lag: timedelta = timedelta(minutes=3), **more: object) -> EntityHealth:
    known = {"records": 100, "last_success_at": NOW, "refused": "", "held": 0, "drift": None}
    label = health.label_of(name)
    return EntityHealth(**{"entity": name, "label": label, "lag_seconds": int(lag.total_seconds()), **known, **more})  # type: ignore[arg-type]


def drift(**counts: int) -> Drift:
    zero = dict.fromkeys(("known", "gone", "held", "extra", "stale", "back", "missed", "mended"), 0)
    return Drift(checked_at=NOW, is_whole=True, state="done", detail="", **{**zero, **counts})


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(5, "less than a minute"), (60, "1 minute"), (7_300, "2 hours"), (86_400, "1 day"), (200_000, "2 days")],
)
def test_ages_are_told_in_the_largest_unit(seconds, words):
    assert health.lag_in_words(seconds) == words


def test_a_firm_whose_connection_stands_has_no_concern_about_it():
    assert health.concern_of_connection(ConnectionStatus.CONNECTED, clio_user="Olivia Hart") is None


@pytest.mark.parametrize(
    ("status", "kind"),
    [(None, "not_connected"), (ConnectionStatus.DISCONNECTED, "not_connected"), (ConnectionStatus.REVOKED, "revoked")],
)
def test_a_connection_that_does_not_stand_is_serious(status, kind):
    concern = health.concern_of_connection(status, clio_user="Olivia Hart")

    assert concern is not None
    assert (concern.kind, concern.is_serious) == (kind, True)


def test_records_that_were_not_read_for_long_are_named():
    old = [
        entity("activities", lag=timedelta(hours=7)),
        entity("bills"),
        entity("billable_matters", lag=timedelta(hours=30)),
    ]

    concern = health.concern_of_age(old, now=NOW, seldom=["billable_matters"])

    assert concern is not None
    assert concern.title == "Activities could not be read for 7 hours."


def test_what_is_hidden_is_told_with_what_to_change():
    found = health.concerns_of_sight(
        hours=1200,
        rates=3,
        contacts=2,
        matters=1,
        refused=["bank_transactions", "bank_accounts"],
        clio_user="Olivia Hart",
    )

    assert [each.kind for each in found] == [
        *("refused", "hidden_hours", "hidden_rates", "hidden_contacts", "hidden_matters"),
    ]
    assert found[0].title == "Clio does not let us read bank transactions and bank accounts."
    assert "1,200 time entries" in found[1].title
    assert "too low" in found[1].title
    assert "Olivia Hart" in found[1].advice
    assert '"All"' in found[1].advice


def test_drift_beyond_a_small_share_is_a_concern():
    few, many = entity(drift=drift(known=1000, missed=9)), entity("bills", drift=drift(known=1000, missed=30))

    found = health.concerns_of_drift([few, many], clio_user="")

    assert [(each.kind, each.count) for each in found] == [("drift", 30)]


def test_records_that_are_held_are_counted_and_may_be_given_up():
    (found,) = health.concerns_of_drift([entity(held=4), entity("tasks", held=1)], clio_user="Olivia Hart")

    assert (found.kind, found.count) == ("held", 5)
    assert "4 activities and 1 tasks" in found.title


@pytest.mark.parametrize(
    ("hours_ago", "unannounced", "kind"),
    [(30, 500, "webhooks_silent"), (None, 500, "webhooks_silent"), (2, 500, None), (30, 3, None)],
)
def test_webhooks_are_silent_where_much_changed_and_nothing_was_announced(hours_ago, unannounced, kind):
    heard_at = None if hours_ago is None else NOW - timedelta(hours=hours_ago)

    found = health.concern_of_webhooks(
        ["enabled", "enabled"], detail="", unannounced=unannounced, heard_at=heard_at, now=NOW
    )

    assert (found.kind if found else None) == kind


def test_the_summary_says_the_worst_or_the_age():
    worst = health.concern_of_connection(ConnectionStatus.REVOKED, clio_user="")
    assert worst is not None

    assert health.summary_of(concerns=[worst], lag_seconds=5, is_complete=True) == worst.title
    assert "3 minutes ago" in health.summary_of(concerns=[], lag_seconds=200, is_complete=True)
    assert "first time" in health.summary_of(concerns=[], lag_seconds=None, is_complete=False)
