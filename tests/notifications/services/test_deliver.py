"""A promised message goes once: through twice-run jobs, killed workers, and a mail service that is away."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models.functions import Now
from django.utils import timezone

from apps.core.models import Job
from apps.core.tenancy import acting_as, tenant
from apps.notifications.contracts import DeliveryReference
from apps.notifications.interface import OutsideAddress, notify, set_contact
from apps.notifications.models import ContactCard, Delivery
from apps.notifications.rules.backoff import MOST_ATTEMPTS
from apps.notifications.services.deliver import deliver
from apps.notifications.services.delivery_lease import claim_delivery, mark_dead
from apps.notifications.services.sweep_deliveries import sweep_deliveries
from tests.accounts.factories import make_user
from tests.notifications.factories import change_delivery, get_delivery, promise_welcome, run_pending_jobs

pytestmark = pytest.mark.django_db


def test_sends_to_where_the_person_is_now(mailoutbox):
    ada = make_user("Ada Partner")
    reference = promise_welcome(ada, email="old@example.com")
    set_contact(user_id=ada.pk, email="new@example.com")

    assert deliver(reference) is None

    (mail,) = mailoutbox
    delivery = get_delivery(reference)
    assert (mail.to, mail.subject) == (["new@example.com"], "Welcome to Smarter Firms, Ada Partner")
    assert mail.body.startswith("Welcome, Ada Partner\n")
    assert [kind for _, kind in mail.alternatives] == ["text/html"]
    assert mail.extra_headers == {"Message-ID": f"<{delivery.message_key}@smarterfirms.com>"}
    assert (delivery.status, delivery.attempts, delivery.reason, delivery.lease_until) == ("sent", 1, "", None)
    assert delivery.sent_at is not None
    assert timezone.now() - delivery.sent_at < timedelta(minutes=1)


def test_goes_by_the_job_that_was_enqueued(mailoutbox):
    promise_welcome(make_user())

    assert run_pending_jobs() == 1

    assert len(mailoutbox) == 1
    assert list(Job.objects.values_list("name", "status")) == [("notifications.deliver", "done")]


def test_delivered_twice_goes_once(mailoutbox):
    reference = promise_welcome(make_user())

    deliver(reference)
    deliver(reference)

    assert len(mailoutbox) == 1
    assert get_delivery(reference).attempts == 1


def test_a_mail_in_another_workers_hands_is_left_alone(mailoutbox):
    reference = promise_welcome(make_user())
    claim_delivery(reference)

    assert deliver(reference) is None
    assert sweep_deliveries() == 0

    assert mailoutbox == []
    assert get_delivery(reference).status == "sending"


def test_a_worker_killed_between_claim_and_sending_loses_nothing(mailoutbox):
    reference = promise_welcome(make_user())
    Job.objects.update(status="done")  # the wake-up died with its worker
    claim_delivery(reference)
    change_delivery(reference, lease_until=Now() - timedelta(seconds=1))

    assert sweep_deliveries() == 1
    assert run_pending_jobs() == 1

    assert len(mailoutbox) == 1
    assert (get_delivery(reference).status, get_delivery(reference).attempts) == ("sent", 2)


def test_a_worker_slower_than_its_lease_changes_nothing(mailoutbox):
    reference = promise_welcome(make_user())
    slow = claim_delivery(reference)
    assert slow is not None
    change_delivery(reference, lease_until=Now() - timedelta(seconds=1))
    deliver(reference)

    mark_dead(slow, "too late to say")

    assert (get_delivery(reference).status, get_delivery(reference).reason) == ("sent", "")


def test_the_sweeper_rings_once_and_only_for_what_is_due():
    due, later = promise_welcome(make_user()), promise_welcome(make_user())
    change_delivery(later, available_at=Now() + timedelta(minutes=5))
    Job.objects.update(status="done")

    assert [sweep_deliveries(), sweep_deliveries()] == [1, 1]

    pending = Job.objects.filter(status="pending")
    assert [job.arguments for job in pending] == [{"delivery_id": due.delivery_id, "user_id": due.user_id}]


def test_a_mail_service_that_fails_and_recovers_gets_it_once(mailgun):
    ada = make_user()
    reference = promise_welcome(ada)
    mailgun.failures.append(500)
    begun = timezone.now()

    run_pending_jobs()

    ended = timezone.now()
    waiting, job = get_delivery(reference), Job.objects.get()
    assert mailgun.messages == []
    assert (waiting.status, waiting.attempts, waiting.reason) == ("pending", 1, "The mail service failed (500).")
    assert begun + timedelta(seconds=7.5) <= waiting.available_at <= ended + timedelta(seconds=15)
    assert (job.status, abs(job.available_at - waiting.available_at) <= ended - begun) == ("pending", True)

    change_delivery(reference, available_at=Now())
    Job.objects.update(available_at=Now() - timedelta(minutes=1))
    run_pending_jobs()

    (message,) = mailgun.messages
    assert message["to"] == [ada.email]
    assert message["h:Message-Id"] == [f"<{waiting.message_key}@smarterfirms.com>"]
    assert (get_delivery(reference).status, get_delivery(reference).attempts) == ("sent", 2)
    assert Job.objects.get().status == "done"


@pytest.mark.parametrize("status", [401, 404, 429, 503])
def test_what_may_pass_is_tried_again(mailgun, status):
    reference = promise_welcome(make_user())
    mailgun.failures.append(status)

    assert deliver(reference) is not None

    assert get_delivery(reference).status == "pending"


def test_a_mail_service_out_of_reach_is_tried_again(mailgun, settings):
    settings.ANYMAIL = {**settings.ANYMAIL, "MAILGUN_API_URL": "http://127.0.0.1:9/v3"}
    reference = promise_welcome(make_user())

    assert deliver(reference) is not None

    assert get_delivery(reference).reason.startswith("The mail service failed (")


def test_a_message_the_service_refuses_is_dead_with_the_reason(mailgun):
    reference = promise_welcome(make_user())
    mailgun.failures.append(400)

    assert deliver(reference) is None
    deliver(reference)

    assert mailgun.messages == []
    assert (get_delivery(reference).status, get_delivery(reference).attempts) == ("dead", 1)
    assert get_delivery(reference).reason == "The mail service refused the message (400)."


def test_the_last_try_is_the_twelfth(mailgun):
    reference = promise_welcome(make_user())
    change_delivery(reference, attempts=MOST_ATTEMPTS - 1)
    mailgun.failures.append(500)

    assert deliver(reference) is None

    assert (get_delivery(reference).status, get_delivery(reference).attempts) == ("dead", 12)
    assert get_delivery(reference).reason == "The mail service failed (500)."


def test_a_mail_that_kills_its_workers_is_given_up(mailoutbox):
    reference = promise_welcome(make_user())
    change_delivery(reference, attempts=MOST_ATTEMPTS)

    assert deliver(reference) is None

    assert mailoutbox == []
    assert (get_delivery(reference).status, get_delivery(reference).reason) == ("dead", "gave up after 12 tries")


def test_nobody_can_be_reached_without_a_contact_card(mailoutbox):
    ada = make_user()
    reference = promise_welcome(ada)
    with acting_as(ada.pk):
        ContactCard.objects.all().delete()

    deliver(reference)

    assert mailoutbox == []
    assert (get_delivery(reference).status, get_delivery(reference).reason) == ("dead", "there is no contact card")


def test_an_outside_address_gets_its_mail_in_the_firms_name(cast, mailoutbox):
    firm_id = cast.firm.firm_id
    with tenant(firm_id):
        recipient = OutsideAddress("auditor@example.net")
        notify(recipient=recipient, kind="accounts.welcome", context={"name": "Auditor"}, firm_id=firm_id)
        delivery_id = Delivery.objects.get().pk

    assert sweep_deliveries() == 1
    deliver(DeliveryReference(delivery_id, firm_id=firm_id))

    assert [mail.to for mail in mailoutbox] == [["auditor@example.net"]]
    with tenant(firm_id):
        assert Delivery.objects.get().status == "sent"


@pytest.mark.django_db(transaction=True)
def test_of_many_workers_one_sends(mailoutbox):
    reference = promise_welcome(make_user())

    def work(_: int) -> None:
        deliver(reference)
        connection.close()

    with ThreadPoolExecutor(8) as workers:
        list(workers.map(work, range(16)))

    assert len(mailoutbox) == 1
    assert (get_delivery(reference).status, get_delivery(reference).attempts) == ("sent", 1)
