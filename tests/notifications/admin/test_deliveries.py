"""Staff see how every message went, nothing of what it said, and give dead letters a second chance."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import Permission
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.core.models import Job
from apps.core.staff import staff_view
from apps.core.tenancy import acting_as, tenant
from apps.notifications.contracts import Channel, OutsideAddress
from apps.notifications.interface import notify
from apps.notifications.models import Delivery, Notification
from apps.notifications.queries.suppressions import digest_of
from apps.notifications.rules.catalogue import get_kind
from apps.notifications.services.deliver import deliver
from tests.accounts.entering import enter_admin
from tests.accounts.factories import make_user
from tests.notifications.factories import change_delivery
from tests.notifications.people import ALERT, SECURITY, SHARED, delivery_of, reachable, say

pytestmark = pytest.mark.django_db
LIST = "/admin/notifications/delivery/"


def _staff(*rights: str) -> Client:
    person = make_user("Sam Staff")
    person.is_staff = True
    person.save()
    person.user_permissions.set(Permission.objects.filter(content_type__app_label="notifications", codename__in=rights))
    client = Client()
    enter_admin(client, person)
    return client


@pytest.fixture
def reader() -> Client:
    return _staff("view_delivery")


@pytest.fixture
def mender() -> Client:
    return _staff("view_delivery", "change_delivery")


@pytest.fixture
def ada():
    return reachable(make_user("Ada Partner"))


def _ids(answer) -> list[int]:
    return [row.id for row in answer.context["rows"]]


def _said(user, kind: str = SHARED, **values) -> int:
    reference, _ = delivery_of(user, say(user, kind))
    if values:
        change_delivery(reference, **values)
    return reference.delivery_id


def test_lists_every_firm_s_messages_the_newest_first(cast, ada, reader):
    mine = _said(ada)
    context = get_kind("reports.scheduled_report").sample
    with tenant(cast.firm.firm_id):
        outside = OutsideAddress("auditor@example.net")
        notify(recipient=outside, kind="reports.scheduled_report", context=context, firm_id=cast.firm.firm_id)
        theirs = Delivery.objects.get().pk

    answer = reader.get(LIST)

    assert answer.status_code == 200
    assert _ids(answer) == [theirs, mine]


def test_no_address_no_context_and_no_body_reach_the_page(ada, reader, mailoutbox):
    reference, _ = delivery_of(ada, say(ada, SECURITY))
    deliver(reference)
    sent = mailoutbox[0]

    for page in (reader.get(LIST), reader.get(f"{LIST}{reference.delivery_id}/")):
        text = page.content.decode()
        assert "p•••@e•••.com" in text
        assert ada.email not in text
        assert sent.subject not in text.replace(get_kind(SECURITY).label, "")
        assert sent.body[:40] not in text


@pytest.mark.parametrize(
    "query",
    [
        "SELECT sealed_context FROM notifications_notification",
        "SELECT outside_email FROM notifications_notification",
        "SELECT * FROM notifications_contactcard",
        "SELECT sealed_address FROM notifications_suppression",
        "SELECT sealed_address FROM notifications_providerevent",
        "SELECT * FROM notifications_preference",
        "UPDATE notifications_delivery SET status = 'sent'",
        "DELETE FROM notifications_delivery",
    ],
)
def test_the_database_itself_keeps_staff_from_the_rest(ada, query):
    with (
        pytest.raises(DatabaseError, match="permission denied"),
        transaction.atomic(),
        staff_view(ada.pk, "a look"),
        connection.cursor() as cursor,
    ):
        cursor.execute(query)


def test_narrows_by_status_channel_and_kind(ada, reader):
    shared = _said(ada)
    dead = _said(ada, status="dead", reason="The mail service refused the message (400).")
    alert, text = _said(ada, ALERT), delivery_of(ada, say(ada, ALERT), "sms")[0].delivery_id
    last_mail = text - 1

    assert _ids(reader.get(LIST, {"status": "dead"})) == [dead]
    assert text in _ids(reader.get(LIST, {"channel": "sms"}))
    assert shared not in _ids(reader.get(LIST, {"channel": "sms"}))
    assert set(_ids(reader.get(LIST, {"kind": SHARED}))) == {shared, dead}
    assert _ids(reader.get(LIST, {"kind": ALERT, "channel": "email"})) == [last_mail, alert]
    assert _ids(reader.get(LIST, {"status": "no such"})) == []


def test_narrows_by_day(ada, reader):
    first = timezone.now().astimezone(UTC).date()
    today = _said(ada)
    last = timezone.now().astimezone(UTC).date()  # another day, where midnight passes in between

    assert _ids(reader.get(LIST, {"since": first.isoformat(), "until": last.isoformat()})) == [today]
    assert _ids(reader.get(LIST, {"since": (last + timedelta(days=1)).isoformat()})) == []
    assert _ids(reader.get(LIST, {"until": (first - timedelta(days=1)).isoformat()})) == []
    assert _ids(reader.get(LIST, {"since": "tomorrow"})) == [today]


def test_finds_an_address_without_naming_it_in_the_address_bar(ada, reader):
    sent = _said(ada, address_digest=digest_of(Channel.EMAIL, ada.email))
    _said(reachable(make_user()))

    answer = reader.post(LIST, {"address": f" {ada.email.upper()} "})

    assert (answer.status_code, "@" in answer["Location"], ada.email in answer["Location"]) == (302, False, False)
    assert _ids(reader.get(answer["Location"])) == [sent]


def test_pages_without_counting(ada, reader):
    with acting_as(ada.pk):
        said = Notification.objects.bulk_create(
            Notification(user_id=ada.pk, kind=SHARED, sealed_context="") for _ in range(120)
        )
        rows = [Delivery(notification=one, user_id=ada.pk, kind=SHARED, channel="email") for one in said]
        made = [row.pk for row in Delivery.objects.bulk_create(rows)]
    made.reverse()

    with CaptureQueriesContext(connection) as queries:
        first = reader.get(LIST)
    second = reader.get(LIST + first.context["older"])

    assert _ids(first) + _ids(second) == made[:100]
    assert _ids(reader.get(LIST + second.context["newer"])) == made[:50]
    assert not [query["sql"] for query in queries if "count(" in query["sql"].lower()]
    assert len(queries) < 20


def test_a_list_of_many_takes_as_many_queries_as_a_list_of_one(ada, reader):
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            reader.get(LIST)
        return len(queries)

    _said(ada)
    count()
    alone = count()
    for _ in range(20):
        _said(ada)

    assert count() == alone


def test_tells_the_life_of_a_message(ada, reader, mailgun):
    reference, _ = delivery_of(ada, say(ada))
    mailgun.failures.append(500)
    deliver(reference)
    change_delivery(reference, available_at=timezone.now() - timedelta(seconds=1))
    deliver(reference)

    life = reader.get(f"{LIST}{reference.delivery_id}/").context["life"]

    assert [moment.what for moment in life.moments] == ["Promised", "Handed over"]
    assert life.moments[1].detail == "after 2 tries"
    assert life.is_in_inbox is True


def test_shows_why_a_message_died_and_its_siblings(ada, reader):
    public_id = say(ada, ALERT)
    mail, text = (delivery_of(ada, public_id, channel)[0] for channel in ("email", "sms"))
    change_delivery(mail, status="dead", reason="The mail service refused the message (400).")

    answer = reader.get(f"{LIST}{mail.delivery_id}/")

    assert answer.context["life"].moments[-1].detail == "The mail service refused the message (400)."
    assert [row.id for row in answer.context["life"].siblings] == [text.delivery_id]
    assert reader.get(f"{LIST}{text.delivery_id + 100}/").status_code == 404


def test_dead_letters_get_a_second_chance_and_it_is_on_record(ada, mender):
    dead = [_said(ada, status="dead", reason="gave up", attempts=12) for _ in range(2)]
    alive = _said(ada)
    Job.objects.update(status="done")

    answer = mender.post(LIST, {"delivery": [*dead, alive, "x", "9" * 30]})

    assert answer.status_code == 302
    with acting_as(ada.pk):
        assert set(Delivery.objects.values_list("status", "attempts")) == {("pending", 0)}
    staff_id = int(mender.session["_auth_user_id"])
    with acting_as(staff_id), connection.cursor() as cursor:
        cursor.execute("SELECT details->'deliveries' FROM core_auditentry WHERE action LIKE 'notifications.dead%%'")
        assert cursor.fetchall() == [(str([*dead, alive]),)]
    assert Job.objects.filter(status="pending").count() == 2
    again = mender.post(f"{LIST}{dead[0]}/", follow=True)
    assert "none of these is a dead letter" in again.content.decode()


def test_only_who_may_change_can_retry(ada, reader):
    dead = _said(ada, status="dead", reason="gave up")

    assert reader.get(LIST).context["may_retry"] is False
    assert reader.post(LIST, {"delivery": [dead]}).status_code == 403
    assert reader.post(f"{LIST}{dead}/").status_code == 403
    assert _ids(reader.get(LIST, {"status": "dead"})) == [dead]


def test_staff_without_the_right_and_people_without_staff_see_nothing(ada):
    dead = _said(ada, status="dead", reason="gave up")
    outsider = Client()
    enter_admin(outsider, ada)

    assert _staff().get(LIST).status_code == 403
    for client in (outsider, Client()):
        for address in (LIST, f"{LIST}{dead}/"):
            assert client.get(address).status_code == 302
            assert client.post(address).status_code == 302


def test_every_look_is_in_the_audit_trail(ada, reader):
    dead = _said(ada)
    reader.get(LIST)
    reader.get(f"{LIST}{dead}/")

    staff_id = int(reader.session["_auth_user_id"])
    with acting_as(staff_id), connection.cursor() as cursor:
        cursor.execute("SELECT target, details->>'reason' FROM core_auditentry ORDER BY id")
        assert cursor.fetchall() == [("", "deliveries listed"), (f"delivery {dead}", "delivery read")]


def test_days_of_the_filter_are_places_in_the_list():
    with connection.cursor() as cursor:
        cursor.execute("SELECT uuidv7()")
        (key,) = cursor.fetchone()
    made_at = datetime.fromtimestamp((key.int >> 80) / 1000, tz=UTC)

    assert abs(made_at - timezone.now()) < timedelta(minutes=1)
