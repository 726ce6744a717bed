"""One digest a day, with everything that waits and nothing twice."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from apps.core.encryption import decrypt
from apps.core.models import Job
from apps.core.tenancy import acting_as
from apps.notifications.contracts import Channel
from apps.notifications.interface import set_contact
from apps.notifications.models import Delivery, DigestSchedule, Notification
from apps.notifications.rules.choices import DIGEST_KIND
from apps.notifications.services.deliver import deliver
from apps.notifications.services.send_digest import MOST_ITEMS, send_digest, sweep_digests
from apps.notifications.services.set_digest_hour import set_digest_hour
from tests.accounts.factories import make_user
from tests.notifications.factories import run_pending_jobs
from tests.notifications.people import SHARED, choose, delivery_of, reachable, say

pytestmark = pytest.mark.django_db
EVENING = datetime(2026, 6, 10, 20, tzinfo=UTC)
# Eight o'clock in New York.
DUE = datetime(2026, 6, 11, 12, tzinfo=UTC)


@pytest.fixture
def ada(time_machine):
    time_machine.move_to(EVENING)
    ada = reachable(make_user(), zone="America/New_York")
    choose(ada, SHARED, "email", "digest", now=EVENING)
    return ada


def _say_and_deliver(ada, **context):
    public_id = say(ada, **context)
    deliver(delivery_of(ada, public_id)[0])
    return public_id


def _digests(ada) -> list[dict[str, object]]:
    with acting_as(ada.pk):
        rows = Notification.objects.filter(kind=DIGEST_KIND).order_by("pk")
        return [json.loads(decrypt(row.sealed_context)) for row in rows]


def _next_at(ada) -> datetime | None:
    with acting_as(ada.pk):
        return DigestSchedule.objects.get(user_id=ada.pk).next_at


def test_gathers_what_waits_into_one_mail(ada, mailoutbox):
    first, second = (_say_and_deliver(ada, person=name) for name in ("Cole League", "Bea Second"))
    assert mailoutbox == []

    notification_id = send_digest(user_id=ada.pk, now=DUE)

    (context,) = _digests(ada)
    assert (context["count"], context["day"]) == (2, "2026-06-11")
    lines = str(context["items"]).split("\n")
    assert ["Cole League" in lines[0], "Bea Second" in lines[1]] == [True, True]
    assert all(line.endswith("\thttps://app.smarterfirms.com/overview") for line in lines)
    for public_id in (first, second):
        _, row = delivery_of(ada, public_id)
        assert (row.status, row.gathered_in_id, row.reason) == (
            "skipped",
            notification_id,
            "Went with the daily digest.",
        )


def test_the_digest_goes_as_a_mail_and_what_it_gathered_never_by_itself(ada, mailoutbox, time_machine):
    public_id = _say_and_deliver(ada, person="Cole League")
    time_machine.move_to(DUE)
    with acting_as(ada.pk):
        Job.objects.update(status="done")

    assert sweep_digests() == 1
    run_pending_jobs()
    time_machine.move_to(DUE + timedelta(hours=3))
    run_pending_jobs()
    deliver(delivery_of(ada, public_id)[0])

    (mail,) = mailoutbox
    assert "Cole League" in mail.body
    assert mail.to == [ada.email]


def test_twice_on_one_day_is_once(ada):
    _say_and_deliver(ada)

    assert send_digest(user_id=ada.pk, now=DUE) is not None
    assert send_digest(user_id=ada.pk, now=DUE) is None
    _say_and_deliver(ada)
    assert send_digest(user_id=ada.pk, now=DUE + timedelta(hours=1)) is None

    assert len(_digests(ada)) == 1
    assert _next_at(ada) == DUE + timedelta(days=1)
    assert send_digest(user_id=ada.pk, now=DUE + timedelta(days=1)) is not None
    assert [context["count"] for context in _digests(ada)] == [1, 1]


def test_an_hour_chosen_later_on_the_same_day_waits_for_tomorrow(ada):
    _say_and_deliver(ada)
    send_digest(user_id=ada.pk, now=DUE)

    set_digest_hour(user_id=ada.pk, hour=18, now=DUE + timedelta(hours=1))

    assert _next_at(ada) == datetime(2026, 6, 12, 22, tzinfo=UTC)


def test_moving_west_does_not_bring_a_second_one_that_day(ada):
    _say_and_deliver(ada)
    send_digest(user_id=ada.pk, now=DUE)

    set_contact(user_id=ada.pk, email=ada.email, zone="Pacific/Honolulu")

    assert _next_at(ada) == datetime(2026, 6, 12, 18, tzinfo=UTC)


def test_nothing_waiting_is_no_mail_and_the_next_day_is_set(ada):
    assert send_digest(user_id=ada.pk, now=DUE) is None

    assert _digests(ada) == []
    assert _next_at(ada) == DUE + timedelta(days=1)


def test_days_missed_are_caught_up_by_one(ada):
    _say_and_deliver(ada)
    _say_and_deliver(ada)

    assert send_digest(user_id=ada.pk, now=DUE + timedelta(days=5, hours=2)) is not None

    assert [context["count"] for context in _digests(ada)] == [2]
    assert _next_at(ada) == DUE + timedelta(days=6)


def test_the_local_hour_stays_when_clocks_change(ada):
    _say_and_deliver(ada)
    before_the_change = datetime(2026, 10, 31, 12, tzinfo=UTC)

    send_digest(user_id=ada.pk, now=before_the_change)

    assert _next_at(ada) == datetime(2026, 11, 1, 13, tzinfo=UTC)


def test_who_changes_their_mind_gets_what_waited_by_itself(ada, mailoutbox):
    public_id = _say_and_deliver(ada)

    choose(ada, SHARED, "email", "on", now=EVENING)

    assert _next_at(ada) is None
    assert send_digest(user_id=ada.pk, now=DUE) is None
    deliver(delivery_of(ada, public_id)[0])
    assert len(mailoutbox) == 1


def test_what_waits_for_quiet_hours_is_not_gathered(ada):
    gathered = _say_and_deliver(ada)
    with acting_as(ada.pk):
        Delivery.objects.create(
            notification=Notification.objects.create(user_id=ada.pk, kind="reports.alert_fired", sealed_context=""),
            user_id=ada.pk,
            kind="reports.alert_fired",
            channel=Channel.EMAIL.value,
            status="held",
            reason="waits for the end of quiet hours",
        )

    send_digest(user_id=ada.pk, now=DUE)

    with acting_as(ada.pk):
        assert Delivery.objects.get(kind="reports.alert_fired").status == "held"
    assert delivery_of(ada, gathered)[1].status == "skipped"


def test_a_long_day_names_the_first_and_counts_the_rest(ada):
    for _ in range(MOST_ITEMS + 2):
        _say_and_deliver(ada)

    send_digest(user_id=ada.pk, now=DUE)

    (context,) = _digests(ada)
    lines = str(context["items"]).split("\n")
    assert (context["count"], len(lines), lines[-1]) == (MOST_ITEMS + 2, MOST_ITEMS + 1, "and 2 more")


def test_only_those_who_are_due_are_rung_for_and_once(ada, time_machine):
    later = reachable(make_user(), zone="Pacific/Honolulu")
    choose(later, SHARED, "email", "digest", now=EVENING)
    reachable(make_user())
    Job.objects.update(status="done")
    time_machine.move_to(DUE + timedelta(minutes=1))
    with acting_as(ada.pk):
        DigestSchedule.objects.filter(user_id=ada.pk).update(next_at=datetime(2026, 1, 1, tzinfo=UTC))
    with acting_as(later.pk):
        DigestSchedule.objects.filter(user_id=later.pk).update(next_at=datetime(2126, 1, 1, tzinfo=UTC))

    assert [sweep_digests(), sweep_digests()] == [1, 1]

    pending = Job.objects.filter(status="pending", name="notifications.send_digest")
    assert [job.arguments for job in pending] == [{"user_id": ada.pk}]


@pytest.mark.django_db(transaction=True)
def test_of_many_workers_one_gathers(ada):
    public_ids = [_say_and_deliver(ada) for _ in range(3)]

    def work(_: int) -> int | None:
        try:
            return send_digest(user_id=ada.pk, now=DUE)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as workers:
        sent = [notification_id for notification_id in workers.map(work, range(12)) if notification_id]

    assert len(sent) == 1
    assert {delivery_of(ada, public_id)[1].gathered_in_id for public_id in public_ids} == set(sent)
    assert len(_digests(ada)) == 1
