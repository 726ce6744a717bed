"""Staff see which addresses are not written to and why, masked, and release them with a reason."""

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.core.tenancy import acting_as
from apps.notifications.contracts import Channel, SuppressionReason
from apps.notifications.queries.suppressions import list_reasons
from apps.notifications.services.suppress import lift_suppression, suppress
from tests.accounts.entering import enter_admin
from tests.accounts.factories import make_user

pytestmark = pytest.mark.django_db
LIST = "/admin/notifications/suppression/"


def _staff(*rights: str) -> Client:
    person = make_user("Sam Staff")
    person.is_staff = True
    person.save()
    person.user_permissions.set(Permission.objects.filter(content_type__app_label="notifications", codename__in=rights))
    client = Client()
    enter_admin(client, person)
    return client


@pytest.fixture
def keeper() -> Client:
    return _staff("view_suppression", "change_suppression")


@pytest.fixture
def three(db) -> None:
    suppress(channel=Channel.EMAIL, address="ada@example.com", reason=SuppressionReason.HARD_BOUNCE)
    suppress(channel=Channel.EMAIL, address="bea@example.com", reason=SuppressionReason.COMPLAINT)
    suppress(channel=Channel.SMS, address="+12125550100", reason=SuppressionReason.STOP)


def _rows(answer) -> list[tuple[str, str]]:
    return [(row.address, row.reason) for row in answer.context["rows"]]


def test_lists_masked_addresses_with_reasons(three, keeper):
    answer = keeper.get(LIST)

    assert _rows(answer) == [("+1•••00", "stop"), ("b•••@e•••.com", "complaint"), ("a•••@e•••.com", "hard_bounce")]
    text = answer.content.decode()
    assert all(secret not in text for secret in ("ada@example.com", "bea@example.com", "2125550100"))


def test_narrows_by_channel_and_reason(three, keeper):
    assert _rows(keeper.get(LIST, {"channel": "sms"})) == [("+1•••00", "stop")]
    assert _rows(keeper.get(LIST, {"reason": "complaint"})) == [("b•••@e•••.com", "complaint")]


@pytest.mark.parametrize(("address", "reason"), [("ADA@example.com", "hard_bounce"), ("+12125550100", "stop")])
def test_finds_a_whole_address_without_naming_it(three, keeper, address, reason):
    way = keeper.post(LIST, {"address": address})["Location"]

    assert address not in way
    assert [found for _, found in _rows(keeper.get(way))] == [reason]


def test_a_release_needs_a_reason_and_is_on_record(three, keeper):
    (row,) = keeper.get(LIST, {"reason": "hard_bounce"}).context["rows"]

    keeper.post(LIST, {"suppression": row.id, "why": "   "})
    assert list_reasons(Channel.EMAIL, "ada@example.com") == {SuppressionReason.HARD_BOUNCE}

    keeper.post(LIST, {"suppression": row.id, "why": "She moved to a new provider"})

    assert list_reasons(Channel.EMAIL, "ada@example.com") == set()
    staff_id = int(keeper.session["_auth_user_id"])
    (released,) = keeper.get(LIST, {"released": "1"}).context["rows"]
    assert (released.address, released.released_by_id) == ("a•••@e•••.com", staff_id)
    with acting_as(staff_id), connection.cursor() as cursor:
        cursor.execute("SELECT details->>'reason' FROM core_auditentry WHERE target = %s", [f"suppression {row.id}"])
        assert cursor.fetchall() == [("She moved to a new provider",)]


def test_releasing_twice_is_said_and_changes_nothing(three, keeper):
    (row,) = keeper.get(LIST, {"reason": "stop"}).context["rows"]

    for _ in range(2):
        answer = keeper.post(LIST, {"suppression": row.id, "why": "asked again"}, follow=True)

    assert "There is no such suppression" in answer.content.decode()


def test_who_took_it_back_themselves_is_shown_so(three, keeper):
    lift_suppression(channel=Channel.SMS, address="+12125550100", reason=SuppressionReason.STOP)

    assert "by the person themselves" in keeper.get(LIST, {"released": "1"}).content.decode()


def test_only_who_may_change_can_release(three):
    reader = _staff("view_suppression")
    (row,) = reader.get(LIST, {"reason": "stop"}).context["rows"]

    assert reader.post(LIST, {"suppression": row.id, "why": "please"}).status_code == 403
    assert _staff().get(LIST).status_code == 403
    assert list_reasons(Channel.SMS, "+12125550100") == {SuppressionReason.STOP}


def test_a_long_list_comes_in_pages_of_as_many_queries_as_a_short_one(keeper):
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            keeper.get(LIST)
        return len(queries)

    keeper.get(LIST)
    suppress(channel=Channel.EMAIL, address="first@example.com", reason=SuppressionReason.COMPLAINT)
    alone = count()
    for number in range(60):
        suppress(channel=Channel.EMAIL, address=f"p{number}@example.com", reason=SuppressionReason.COMPLAINT)

    assert count() == alone
    first = keeper.get(LIST)
    second = keeper.get(LIST + first.context["older"])
    assert (len(_rows(first)), len(_rows(second)), second.context["older"]) == (50, 11, "")
