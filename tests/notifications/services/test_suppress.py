"""The suppression list: who knows an address sees what is kept about it, staff release without seeing it."""

import pytest
from django.db import ProgrammingError, transaction

from apps.core.models import AuditEntry
from apps.core.staff import staff_view
from apps.core.tenancy import acting_as, knowing_address
from apps.notifications.contracts import Channel, SuppressionReason
from apps.notifications.errors import SuppressionNotFound
from apps.notifications.models import Suppression
from apps.notifications.queries.suppressions import digest_of, list_reasons
from apps.notifications.services.suppress import release_suppression, suppress
from tests.accounts.factories import make_user
from tests.notifications.factories import count_rows

pytestmark = pytest.mark.django_db
ADDRESS = "ada@example.com"


def _suppress(address: str = ADDRESS, reason: SuppressionReason = SuppressionReason.HARD_BOUNCE) -> int:
    suppress(channel=Channel.EMAIL, address=address, reason=reason)
    with knowing_address(digest_of(Channel.EMAIL, address)):
        return Suppression.objects.get(reason=reason, released_at=None).pk


def test_is_seen_by_who_knows_the_address_and_nobody_else():
    _suppress()

    with knowing_address(digest_of(Channel.EMAIL, "bea@example.com")):
        assert count_rows("notifications_suppression") == 0
    with acting_as(make_user().pk):
        assert count_rows("notifications_suppression") == 0
    assert count_rows("notifications_suppression") == 0
    with knowing_address(digest_of(Channel.EMAIL, ADDRESS)):
        assert count_rows("notifications_suppression") == 1


def test_twice_is_once_and_each_reason_counts():
    for reason in ("hard_bounce", "hard_bounce", "complaint"):
        suppress(channel=Channel.EMAIL, address=ADDRESS, reason=SuppressionReason(reason))

    assert list_reasons(Channel.EMAIL, f" {ADDRESS.upper()} ") == {"hard_bounce", "complaint"}
    with knowing_address(digest_of(Channel.EMAIL, ADDRESS)):
        assert count_rows("notifications_suppression") == 2


def test_keeps_no_address_readable():
    _suppress()

    with knowing_address(digest_of(Channel.EMAIL, ADDRESS)):
        assert ADDRESS not in str(Suppression.objects.values().get())


def test_staff_release_it_with_a_reason_on_record_and_it_may_come_back():
    staff = make_user("Sam Staff")
    suppression_id = _suppress()

    release_suppression(suppression_id=suppression_id, staff_user_id=staff.pk, why="the mailbox was mended")

    assert list_reasons(Channel.EMAIL, ADDRESS) == set()
    with acting_as(staff.pk):
        entry = AuditEntry.objects.get(action="core.staff_viewed")
    assert (entry.target, entry.details) == (f"suppression {suppression_id}", {"reason": "the mailbox was mended"})
    assert _suppress() != suppression_id
    assert list_reasons(Channel.EMAIL, ADDRESS) == {"hard_bounce"}


def test_releasing_twice_or_nothing_is_refused():
    staff = make_user("Sam Staff")
    suppression_id = _suppress()
    release_suppression(suppression_id=suppression_id, staff_user_id=staff.pk, why="mended")

    for wrong in (suppression_id, suppression_id + 1):
        with pytest.raises(SuppressionNotFound):
            release_suppression(suppression_id=wrong, staff_user_id=staff.pk, why="mended")


def test_staff_cannot_read_the_address():
    staff = make_user("Sam Staff")
    _suppress()

    with pytest.raises(ProgrammingError), transaction.atomic(), staff_view(staff.pk, "a look"):
        list(Suppression.objects.values_list("sealed_address"))
