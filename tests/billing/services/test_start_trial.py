"""Every new firm has its trial, whether or not the job has come by."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from apps.billing.interface import Entitlement, PlanKey, SubscriptionState, entitlement, start_trial
from apps.billing.models import Subscription
from apps.core.jobs.run import run_job
from apps.core.models import AuditEntry, Job
from apps.core.tenancy import tenant
from tests.accounts.factories import make_firm, make_user

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def test_a_firm_is_on_trial_from_its_creation_without_a_row(cast):
    created_at = cast.firm.created_at

    now = entitlement(firm_id=cast.firm.firm_id, now=created_at + DAY)

    assert now == Entitlement(SubscriptionState.TRIALING, True, True, True, created_at + 14 * DAY, None)
    with tenant(cast.firm.firm_id):
        assert Subscription.objects.count() == 0


def test_the_row_says_the_same(cast):
    firm_id, later = cast.firm.firm_id, cast.firm.created_at + 3 * DAY
    before = entitlement(firm_id=firm_id, now=later)

    assert start_trial(firm_id=firm_id, now=later) == before
    assert entitlement(firm_id=firm_id, now=later) == before


def test_twice_is_once(cast):
    firm_id, created_at = cast.firm.firm_id, cast.firm.created_at

    start_trial(firm_id=firm_id, now=created_at)
    start_trial(firm_id=firm_id, now=created_at + DAY)

    with tenant(firm_id):
        row = Subscription.objects.get()
        assert (row.state, row.plan, row.seats) == ("trialing", None, None)
        assert (row.trial_started_at, row.trial_ends_at) == (created_at, created_at + 14 * DAY)
        assert AuditEntry.objects.filter(action="billing.trial_started").count() == 1


def test_a_subscription_is_not_reset_to_a_trial(cast):
    firm_id, created_at = cast.firm.firm_id, cast.firm.created_at
    start_trial(firm_id=firm_id, now=created_at)
    with tenant(firm_id):
        Subscription.objects.update(state="active", plan="firm_yearly", seats=4)

    after = start_trial(firm_id=firm_id, now=created_at + 100 * DAY)

    assert after == Entitlement(SubscriptionState.ACTIVE, True, True, True, created_at + 14 * DAY, PlanKey.FIRM_YEARLY)


def test_a_trial_that_ran_out_is_a_suspension(cast):
    ended = entitlement(firm_id=cast.firm.firm_id, now=cast.firm.created_at + 14 * DAY)

    assert ended == Entitlement(SubscriptionState.SUSPENDED, True, False, False, cast.firm.created_at + 14 * DAY, None)


def test_a_new_firm_gets_its_row_by_the_job(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        firm = make_firm(make_user())

    with tenant(firm.firm_id):
        job = Job.objects.get(name="billing.start_trial")
    run_job(job_id=job.pk, firm_id=firm.firm_id)

    with tenant(firm.firm_id):
        assert Subscription.objects.get().trial_started_at == firm.created_at


def test_another_firm_sees_nothing_of_it(cast):
    start_trial(firm_id=cast.firm.firm_id, now=cast.firm.created_at)

    with tenant(cast.strangers_firm.firm_id):
        assert Subscription.objects.count() == 0


@pytest.mark.parametrize(
    "impossible",
    [
        {"state": "unknown"},
        {"plan": "gold"},
        {"seats": 0},
        {"state": "active"},
        {"state": "past_due", "plan": "firm_yearly"},
    ],
)
def test_the_database_refuses_an_impossible_row(cast, impossible):
    created_at = cast.firm.created_at
    values = {"state": "trialing", "trial_started_at": created_at, "trial_ends_at": created_at + DAY} | impossible

    with pytest.raises(IntegrityError), transaction.atomic(), tenant(cast.firm.firm_id):
        Subscription.objects.create(firm_id=cast.firm.firm_id, **values)
