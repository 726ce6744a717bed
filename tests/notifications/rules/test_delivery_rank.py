"""However a vendor's words are ordered and repeated, a message ends where they prove it got."""

import itertools

import pytest

from apps.notifications.contracts import EventKind
from apps.notifications.rules.delivery_rank import status_after


def _after(status: str, *events: EventKind) -> str:
    for event in events:
        status = status_after(status, event) or status
    return status


@pytest.mark.parametrize(
    ("events", "ends"),
    [
        ("sent delivered", "delivered"),
        ("sent delivered opened clicked", "clicked"),
        ("sent bounced", "bounced"),
        ("delivered bounced", "bounced"),
        ("bounced opened", "opened"),
        ("delivered failed", "failed"),
        ("opened complained", "complained"),
        ("sent unsubscribed", "delivered"),
    ],
)
def test_ends_the_same_in_every_order_and_twice(events, ends):
    kinds = [EventKind(word) for word in events.split()] * 2

    assert {_after("sent", *order) for order in itertools.permutations(kinds)} == {ends}


@pytest.mark.parametrize("status", ["pending", "sending", "held", "dead"])
def test_a_report_proves_a_message_sent_that_we_do_not_know_was(status):
    assert _after(status, EventKind.SENT) == "sent"
    assert _after(status, EventKind.DELIVERED) == "delivered"


@pytest.mark.parametrize("status", ["suppressed", "skipped"])
def test_what_was_never_sent_has_no_reports(status):
    assert _after(status, *EventKind) == status


@pytest.mark.parametrize("kind", [EventKind.STOP, EventKind.START, EventKind.HELP])
def test_what_a_person_writes_is_no_report(kind):
    assert status_after("sent", kind) is None
