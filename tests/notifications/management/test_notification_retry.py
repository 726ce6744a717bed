"""`manage.py notification_retry`."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.accounts.factories import make_user
from tests.notifications.factories import change_delivery, get_delivery, promise_welcome

pytestmark = pytest.mark.django_db


def _dead():
    reference = promise_welcome(make_user())
    change_delivery(reference, status="dead", reason="so")
    return reference


def _run(*arguments) -> str:
    out = StringIO()
    call_command("notification_retry", *arguments, stdout=out)
    return out.getvalue()


def test_tries_the_named_ones_again():
    named, other = _dead(), _dead()

    assert _run(str(named.delivery_id)) == "1 message will be tried again.\n"

    assert (get_delivery(named).status, get_delivery(other).status) == ("pending", "dead")


def test_tries_all_again():
    for _ in range(3):
        _dead()

    assert _run("--all", "--channel", "sms") == "0 messages will be tried again.\n"
    assert _run("--all", "--since-hours", "1", "--limit", "2") == "2 messages will be tried again.\n"


@pytest.mark.parametrize("arguments", [[], ["7", "--all"]])
def test_asks_to_say_which(arguments):
    with pytest.raises(CommandError, match="Name deliveries by id, or say --all"):
        _run(*arguments)
