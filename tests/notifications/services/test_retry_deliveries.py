"""Dead letters get their tries again when a person says so, and nothing else does."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.core.models import Job
from apps.notifications.contracts import Channel
from apps.notifications.errors import NotDead
from apps.notifications.services.deliver import deliver
from apps.notifications.services.retry_deliveries import retry_dead_deliveries, retry_delivery
from tests.accounts.factories import make_user
from tests.notifications.factories import change_delivery, get_delivery, promise, promise_welcome, run_pending_jobs

pytestmark = pytest.mark.django_db


def _dead(**values):
    reference = promise_welcome(make_user())
    change_delivery(reference, status="dead", reason="The mail service failed (500).", attempts=12, **values)
    return reference


def test_goes_again(mailgun):
    reference = _dead()
    Job.objects.update(status="done")

    retry_delivery(delivery_id=reference.delivery_id)

    assert (get_delivery(reference).status, get_delivery(reference).attempts) == ("pending", 0)
    assert run_pending_jobs() == 1
    assert (len(mailgun.messages), get_delivery(reference).status) == (1, "sent")


@pytest.mark.parametrize("status", ["pending", "skipped", "suppressed"])
def test_refuses_what_was_not_given_up(status):
    reference = promise_welcome(make_user())
    change_delivery(reference, status=status, reason="so")

    with pytest.raises(NotDead):
        retry_delivery(delivery_id=reference.delivery_id)

    assert get_delivery(reference).status == status


def test_refuses_what_was_sent(mailgun):
    reference = promise_welcome(make_user())
    deliver(reference)

    with pytest.raises(NotDead):
        retry_delivery(delivery_id=reference.delivery_id)


def test_takes_all_of_a_channel_since_a_moment():
    old = _dead(created_at=timezone.now() - timedelta(days=2))
    mail = _dead()
    sms = promise(make_user(), "system.test_message", channel=Channel.SMS)
    change_delivery(sms, status="dead", reason="so")

    count = retry_dead_deliveries(channel=Channel.EMAIL, since=timezone.now() - timedelta(hours=1))

    assert count == 1
    assert [get_delivery(each).status for each in (old, mail, sms)] == ["dead", "pending", "dead"]
    assert retry_dead_deliveries() == 2
