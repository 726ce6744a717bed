"""What is asked of Clio's webhooks, and when they are looked after."""

from datetime import UTC, datetime, timedelta

import pytest

from apps.clio.rules import webhooks as rules

NOW = datetime(2026, 3, 8, 6, 30, tzinfo=UTC)


def test_payments_cannot_be_deleted_and_matters_open_and_close():
    assert rules.events_of("activity") == ("created", "updated", "deleted")
    assert rules.events_of("clio_payments_payment") == ("created", "updated")
    assert rules.events_of("matter")[3:] == ("matter_opened", "matter_pended", "matter_closed")


@pytest.mark.parametrize(
    ("fields", "ways"),
    [
        ("id,etag,name", ["id,etag,name"]),
        (
            "id,client{id},name,matter{id,number}",
            ["id,client{id},name,matter{id,number}", "id,client,name,matter", "id,name"],
        ),
    ],
)
def test_asks_with_braces_then_without_then_for_flat_fields(fields, ways):
    assert list(rules.ways_to_ask(fields)) == ways


@pytest.mark.parametrize(
    ("base", "clio", "can"),
    [
        ("https://hooks.example.com", "https://app.clio.com", True),
        ("http://hooks.example.com", "https://app.clio.com", False),
        ("http://127.0.0.1:8000", "https://app.clio.com", False),
        ("https://localhost", "https://app.clio.com", False),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8801", True),
    ],
)
def test_clio_calls_https_and_a_local_clio_this_machine(base, clio, can):
    assert rules.can_be_called(base, clio_host=clio) is can


def test_an_address_is_ours_by_its_beginning():
    base = "https://hooks.example.com"

    assert rules.token_of(f"{base}/webhooks/clio/abc", base=base) == "abc"
    assert rules.token_of("https://other.example.com/webhooks/clio/abc", base=base) is None
    assert rules.token_of(f"{base}/webhooks/stripe", base=base) is None


@pytest.mark.parametrize(
    ("renewed_days_ago", "left_days", "is_due"), [(0, 31, False), (6, 25, False), (7, 24, True), (1, 3, True)]
)
def test_renews_weekly_and_what_clio_gave_a_shorter_life(renewed_days_ago, left_days, is_due):
    renewed, expires = NOW - timedelta(days=renewed_days_ago), NOW + timedelta(days=left_days)

    assert rules.is_renewal_due(renewed_at=renewed, expires_at=expires, now=NOW) is is_due


def test_renews_what_was_never_renewed_and_what_has_no_known_end():
    assert rules.is_renewal_due(renewed_at=None, expires_at=NOW + timedelta(days=30), now=NOW)
    assert rules.is_renewal_due(renewed_at=NOW, expires_at=None, now=NOW)


def test_lives_for_31_days_at_most():
    assert timedelta(days=30) < rules.LASTS <= timedelta(days=31)


def test_a_batch_that_failed_is_cut_until_the_odd_record_is_alone():
    assert [rules.batch_size(attempts) for attempts in range(6)] == [100, 25, 6, 1, 1, 1]


@pytest.mark.parametrize(("waits", "quiet", "ripe"), [(0.1, 0.1, False), (0.5, 0.3, True), (2.0, 0.0, True)])
def test_a_few_announcements_wait_for_more_but_not_long(waits, quiet, ripe):
    assert rules.is_ripe(waits_seconds=waits, quiet_seconds=quiet) is ripe


def test_what_fails_waits_longer_each_time():
    assert [rules.retry_after(attempts).total_seconds() for attempts in range(4)] == [15, 60, 240, 960]
