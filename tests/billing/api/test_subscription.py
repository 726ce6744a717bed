"""GET /api/v1/firms/{firm_id}/billing/subscription."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from apps.billing.interface import start_trial
from apps.billing.models import Subscription
from apps.core.tenancy import tenant

pytestmark = pytest.mark.django_db


def path_of(firm) -> str:
    return f"/api/v1/firms/{firm.public_id}/billing/subscription"


def written(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")


def test_shows_the_trial_to_everybody_in_the_firm(cast, api):
    firm = cast.firm
    start_trial(firm_id=firm.firm_id, now=firm.created_at)

    with time_machine.travel(firm.created_at + timedelta(days=3, hours=1), tick=False):
        answers = [api(person).get(path_of(firm)) for person in (cast.owner, cast.colleague, cast.consultant)]

    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert [answer.json() for answer in answers] == 3 * [
        {
            "state": "trialing",
            "plan": None,
            "seats": None,
            "trial_ends_at": written(firm.created_at + timedelta(days=14)),
            "days_left": 11,
            "may_read": True,
            "may_write": True,
            "may_sync": True,
        }
    ]


def test_shows_a_paid_plan(cast, api):
    firm = cast.firm
    start_trial(firm_id=firm.firm_id, now=firm.created_at)
    with tenant(firm.firm_id):
        Subscription.objects.update(state="active", plan="firm_monthly", seats=12)

    body = api(cast.owner).get(path_of(firm)).json()

    assert (body["state"], body["plan"], body["seats"], body["days_left"]) == ("active", "firm_monthly", 12, None)


def test_a_stranger_finds_nothing(cast, api):
    answer = api(cast.stranger).get(path_of(cast.firm))

    assert (answer.status_code, answer.json()["code"]) == (404, "core.not_found")


def test_nobody_is_asked_to_sign_in(cast, api):
    assert api(None).get(path_of(cast.firm)).status_code == 401


def test_it_cannot_be_written(cast, api):
    assert api(cast.owner).post(path_of(cast.firm), {}, format="json").status_code == 405
