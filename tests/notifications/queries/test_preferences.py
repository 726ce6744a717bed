"""Whether a message goes, waits or does not go, by what its recipient wants."""

from datetime import UTC, datetime, time, timedelta

import pytest

from apps.core.tenancy import acting_as, tenant
from apps.notifications.contracts import Category, Channel, Digest, Go, Hold, Skip
from apps.notifications.errors import UnknownKind
from apps.notifications.interface import set_contact
from apps.notifications.models import Preference
from apps.notifications.queries.preferences import decide, decide_outside
from apps.notifications.queries.unsubscribe import make_token
from apps.notifications.rules.catalogue import KINDS
from apps.notifications.rules.choices import DIGEST_KIND
from apps.notifications.rules.unsubscribe_subject import Subject
from apps.notifications.services.set_quiet_hours import set_quiet_hours
from apps.notifications.services.unsubscribe import unsubscribe
from tests.accounts.factories import make_user
from tests.notifications.people import ALERT, NEWS, SHARED, choose, reachable

pytestmark = pytest.mark.django_db
# A quarter to midnight in New York, in summer.
LATE = datetime(2026, 6, 11, 3, 45, tzinfo=UTC)
MORNING = datetime(2026, 6, 11, 11, tzinfo=UTC)
NOON = datetime(2026, 6, 11, 16, tzinfo=UTC)


@pytest.fixture
def ada():
    return reachable(make_user(), zone="America/New_York")


@pytest.fixture
def sleeping_ada(ada):
    set_quiet_hours(user_id=ada.pk, starts_at=time(22), ends_at=time(7))
    return ada


def test_what_nobody_chose_goes_as_the_catalogue_says(ada):
    assert decide(ada.pk, SHARED, Channel.EMAIL, NOON) == Go()
    assert isinstance(decide(ada.pk, NEWS, Channel.EMAIL, NOON), Skip)
    assert isinstance(decide(ada.pk, ALERT, Channel.SMS, NOON), Skip)


def test_a_choice_holds_for_its_kind_and_channel_only(ada):
    choose(ada, SHARED, "email", "off")
    choose(ada, ALERT, "sms", "on")
    choose(ada, NEWS, "email", "on")

    assert isinstance(decide(ada.pk, SHARED, Channel.EMAIL, NOON), Skip)
    assert decide(ada.pk, SHARED, Channel.IN_APP, NOON) == Go()
    assert decide(ada.pk, ALERT, Channel.EMAIL, NOON) == Go()
    assert decide(ada.pk, ALERT, Channel.SMS, NOON) == Go()
    assert decide(ada.pk, NEWS, Channel.EMAIL, NOON) == Go()


def test_quiet_hours_hold_what_can_wait_until_the_person_s_morning(sleeping_ada):
    choose(sleeping_ada, ALERT, "sms", "on")

    for channel in (Channel.EMAIL, Channel.SMS):
        assert decide(sleeping_ada.pk, ALERT, channel, LATE) == Hold(MORNING)
        assert decide(sleeping_ada.pk, ALERT, channel, MORNING) == Go()
    assert decide(sleeping_ada.pk, ALERT, Channel.IN_APP, LATE) == Go()


def test_quiet_hours_move_with_the_person(sleeping_ada):
    set_contact(user_id=sleeping_ada.pk, email="ada@example.com", zone="Asia/Tokyo")

    assert decide(sleeping_ada.pk, SHARED, Channel.EMAIL, LATE) == Go()


def test_what_somebody_waits_for_does_not_wait(sleeping_ada):
    urgent = [kind for kind in KINDS if not kind.may_wait and not kind.may_refuse]

    assert len(urgent) > 10
    for kind in urgent:
        for channel in kind.channels:
            assert decide(sleeping_ada.pk, kind.key, channel, LATE) == Go()


def test_security_goes_whatever_is_stored(sleeping_ada):
    security = [kind for kind in KINDS if kind.category is Category.SECURITY]
    rows = [
        Preference(user_id=sleeping_ada.pk, kind=kind.key, channel=channel, choice="off")
        for kind in security
        for channel in kind.channels
    ]
    with acting_as(sleeping_ada.pk):
        Preference.objects.bulk_create(rows)

    assert len(security) > 5
    for kind in security:
        for channel in kind.channels:
            assert decide(sleeping_ada.pk, kind.key, channel, LATE) == Go()


def test_the_digest_takes_mails_only_and_comes_before_quiet_hours(sleeping_ada):
    choose(sleeping_ada, SHARED, "email", "digest", now=LATE)

    # Eight in the morning in New York, and an hour in which the digest may be late.
    assert decide(sleeping_ada.pk, SHARED, Channel.EMAIL, LATE) == Digest(datetime(2026, 6, 11, 13, tzinfo=UTC))
    assert decide(sleeping_ada.pk, SHARED, Channel.IN_APP, LATE) == Go()


def test_whoever_refuses_the_digest_refuses_what_it_would_carry(ada):
    choose(ada, SHARED, "email", "digest")
    choose(ada, DIGEST_KIND, "email", "off")

    verdict = decide(ada.pk, SHARED, Channel.EMAIL, NOON)

    assert isinstance(verdict, Skip)
    assert "digest" in verdict.reason


def test_a_late_digest_is_still_waited_for(ada):
    choose(ada, SHARED, "email", "digest", now=LATE)
    long_after = LATE + timedelta(days=2)

    assert decide(ada.pk, SHARED, Channel.EMAIL, long_after) == Digest(long_after + timedelta(hours=1))


def test_an_outside_address_refuses_by_kind_and_firm(cast):
    digest = "d" * 64
    token = make_token(Subject("reports.scheduled_report", firm_id=cast.firm.firm_id, address_digest=digest))
    unsubscribe(token=token, now=NOON)

    with tenant(cast.firm.firm_id):
        refused = decide_outside(cast.firm.firm_id, digest, "reports.scheduled_report")
        assert isinstance(refused, Skip)
        assert decide_outside(cast.firm.firm_id, "e" * 64, "reports.scheduled_report") == Go()
        assert decide_outside(cast.firm.firm_id, digest, "reports.schedule_stopped") == Go()
    with tenant(cast.strangers_firm.firm_id):
        assert decide_outside(cast.strangers_firm.firm_id, digest, "reports.scheduled_report") == Go()


def test_an_unknown_kind_is_a_fault(ada):
    with pytest.raises(UnknownKind):
        decide(ada.pk, "reports.unheard_of", Channel.EMAIL, NOON)


def test_people_without_a_card_or_a_choice_have_no_quiet(db):
    assert decide(make_user().pk, SHARED, Channel.EMAIL, LATE) == Go()
