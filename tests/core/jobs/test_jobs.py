"""Jobs: promised in a transaction, run once, retried only where that helps, never lost."""

import threading
from datetime import timedelta

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.db import IntegrityError, OperationalError, connection, transaction
from django.utils import timezone
from redis.exceptions import ConnectionError as RedisConnectionError

from apps.accounts.models import User
from apps.core import audit
from apps.core.errors import VendorUnavailable
from apps.core.jobs import LeaseLost, RunAgain, enqueue, extend_lease, finish_current_job, handles
from apps.core.jobs.run import MOST_ATTEMPTS, run_job
from apps.core.jobs.sweep import sweep_jobs
from apps.core.models import AuditEntry, Job
from apps.core.tenancy import WrongTenant, tenant
from tests.accounts.factories import make_firm, make_user

pytestmark = pytest.mark.django_db
_calls: list[dict[str, object]] = []
_behavior: dict[str, object] = {}


@handles("tests.act")
def _act(**arguments):
    _calls.append(arguments)
    outcome = _behavior.get("outcome")
    if isinstance(outcome, Exception):
        raise outcome
    return outcome(arguments) if callable(outcome) else outcome


@pytest.fixture(autouse=True)
def _calm():
    _calls.clear()
    _behavior.clear()


@pytest.fixture
def firm_id(cast):
    return cast.firm.firm_id


def _promise(firm_id, **arguments) -> int:
    with tenant(firm_id):
        job_id = enqueue("tests.act", firm_id=firm_id, **arguments)
    assert job_id is not None
    return job_id


def _job(firm_id: int, job_id: int) -> Job:
    with tenant(firm_id):
        return Job.objects.get(pk=job_id)


def _change(firm_id: int, job_id: int, **values) -> None:
    with tenant(firm_id):
        Job.objects.filter(pk=job_id).update(**values)


def test_runs_the_handler_with_its_arguments_and_firm(firm_id):
    job_id = _promise(firm_id, bill_id=7)

    run_job(job_id=job_id, firm_id=firm_id)

    assert _calls == [{"bill_id": 7, "firm_id": firm_id}]
    job = _job(firm_id, job_id)
    assert (job.status, job.attempts, job.lease_until) == ("done", 1, None)


def test_run_twice_acts_once(firm_id):
    job_id = _promise(firm_id)

    run_job(job_id=job_id, firm_id=firm_id)
    run_job(job_id=job_id, firm_id=firm_id)

    assert len(_calls) == 1


def test_another_firm_cannot_run_it(firm_id, cast):
    job_id = _promise(firm_id)

    run_job(job_id=job_id, firm_id=cast.strangers_firm.firm_id)

    assert _calls == []


def test_is_refused_outside_a_transaction_or_for_another_firm(firm_id, cast):
    with tenant(cast.strangers_firm.firm_id), pytest.raises(WrongTenant):
        enqueue("tests.act", firm_id=firm_id)


@pytest.mark.django_db(transaction=True)
def test_needs_an_open_transaction():
    with pytest.raises(RuntimeError, match="inside the transaction"):
        enqueue("tests.act")


def test_is_gone_with_the_transaction_that_promised_it(firm_id):
    with pytest.raises(ZeroDivisionError), tenant(firm_id):
        enqueue("tests.act", firm_id=firm_id)
        raise ZeroDivisionError

    with tenant(firm_id):
        assert not Job.objects.filter(name="tests.act").exists()


def test_a_pending_twin_is_not_promised_again(firm_id):
    first = _promise(firm_id, dedupe_key="once")

    with tenant(firm_id):
        second = enqueue("tests.act", firm_id=firm_id, dedupe_key="once")
    run_job(job_id=first, firm_id=firm_id)
    third = _promise(firm_id, dedupe_key="once")

    assert second is None
    assert third != first


def test_a_second_worker_gets_nothing_while_the_first_holds_the_lease(firm_id):
    job_id = _promise(firm_id)
    depth: list[int] = []

    def run_again_meanwhile(arguments):
        depth.append(len(depth))
        run_job(job_id=job_id, firm_id=firm_id)

    _behavior["outcome"] = run_again_meanwhile

    run_job(job_id=job_id, firm_id=firm_id)

    assert depth == [0]
    assert _job(firm_id, job_id).attempts == 1


def test_an_earlier_wish_moves_the_pending_twin_forward(firm_id):
    later = timezone.now() + timedelta(hours=1)
    with tenant(firm_id):
        first = enqueue("tests.act", firm_id=firm_id, dedupe_key="once", available_at=later)
        second = enqueue("tests.act", firm_id=firm_id, dedupe_key="once")

    assert first is not None
    assert second is None
    assert _job(firm_id, first).available_at <= timezone.now()


def test_an_unknown_queue_is_refused_at_once(firm_id):
    with tenant(firm_id), pytest.raises(ValueError, match="no queue tomorrow"):
        enqueue("tests.act", firm_id=firm_id, queue="tomorrow")


@pytest.mark.django_db(transaction=True)
def test_a_job_sees_the_change_whose_wish_found_it_pending():
    firm_id = make_firm(make_user()).firm_id
    job_id = _promise(firm_id, dedupe_key="once")
    changing, ran = threading.Event(), threading.Event()

    def change_slowly():
        with tenant(firm_id):
            audit.record("tests.changed", firm_id=firm_id)
            enqueue("tests.act", firm_id=firm_id, dedupe_key="once")
            changing.set()
            ran.wait(0.5)
        connection.close()

    def count_changes(arguments):
        with tenant(firm_id):
            arguments["changes"] = AuditEntry.objects.filter(action="tests.changed").count()

    _behavior["outcome"] = count_changes
    changer = threading.Thread(target=change_slowly)
    changer.start()
    assert changing.wait(60)
    run_job(job_id=job_id, firm_id=firm_id)
    ran.set()
    changer.join()

    assert [call["changes"] for call in _calls] == [1]


@pytest.mark.parametrize(
    "passing", [RedisConnectionError("redis is away"), SoftTimeLimitExceeded(), OperationalError("failing over")]
)
def test_what_passes_by_itself_puts_it_back(firm_id, passing):
    job_id = _promise(firm_id)
    _behavior["outcome"] = passing

    run_job(job_id=job_id, firm_id=firm_id)

    assert _job(firm_id, job_id).status == "pending"


def test_a_job_of_a_newer_release_waits_for_a_worker_that_knows_it(firm_id):
    with tenant(firm_id):
        job_id = enqueue("tests.of_tomorrow", firm_id=firm_id)
    assert job_id is not None

    run_job(job_id=job_id, firm_id=firm_id)

    assert _job(firm_id, job_id).status == "pending"


def test_progress_forgives_earlier_attempts(firm_id):
    job_id = _promise(firm_id)
    _change(firm_id, job_id, attempts=MOST_ATTEMPTS - 1)
    _behavior["outcome"] = RunAgain(at=timezone.now())

    run_job(job_id=job_id, firm_id=firm_id)

    assert _job(firm_id, job_id).attempts == 0


@pytest.mark.parametrize("seconds", [1e12, 90_000.0])
def test_a_vendor_cannot_send_a_job_away_for_longer_than_a_day(firm_id, seconds):
    job_id = _promise(firm_id)
    _behavior["outcome"] = VendorUnavailable(retry_after_seconds=seconds)

    run_job(job_id=job_id, firm_id=firm_id)

    assert _job(firm_id, job_id).available_at - timezone.now() <= timedelta(days=1)


def test_the_row_of_a_failed_job_quotes_no_values_of_other_rows(firm_id, cast):
    job_id = _promise(firm_id)

    def register_twice(arguments):
        with transaction.atomic():
            User.objects.create_user(cast.owner.email, None, name="Twin")

    _behavior["outcome"] = register_twice

    with pytest.raises(IntegrityError):
        run_job(job_id=job_id, firm_id=firm_id)

    assert _job(firm_id, job_id).last_error == "IntegrityError accounts_user_email_key"


def test_an_error_with_a_nul_is_written_down(firm_id):
    job_id = _promise(firm_id)
    _behavior["outcome"] = ValueError("bad\0byte")

    with pytest.raises(ValueError, match="bad"):
        run_job(job_id=job_id, firm_id=firm_id)

    assert _job(firm_id, job_id).last_error == "ValueError: badbyte"


def test_a_vendor_away_puts_it_back_with_back_off(firm_id):
    job_id = _promise(firm_id)
    _behavior["outcome"] = VendorUnavailable("Clio did not answer.", retry_after_seconds=40)
    begun = timezone.now()

    run_job(job_id=job_id, firm_id=firm_id)

    job = _job(firm_id, job_id)
    assert (job.status, job.attempts, job.last_error) == ("pending", 1, "Clio did not answer.")
    assert begun <= job.available_at - timedelta(seconds=40) <= timezone.now()


def test_the_database_failing_over_puts_it_back(firm_id):
    job_id = _promise(firm_id)
    _behavior["outcome"] = OperationalError("terminating connection")

    run_job(job_id=job_id, firm_id=firm_id)

    assert _job(firm_id, job_id).status == "pending"


def test_a_fault_of_ours_makes_it_dead_and_is_raised(firm_id):
    job_id = _promise(firm_id)
    _behavior["outcome"] = ValueError("boom")

    with pytest.raises(ValueError, match="boom"):
        run_job(job_id=job_id, firm_id=firm_id)

    job = _job(firm_id, job_id)
    assert (job.status, job.last_error) == ("dead", "ValueError: boom")


def test_gives_up_after_too_many_attempts(firm_id):
    job_id = _promise(firm_id)
    _change(firm_id, job_id, attempts=MOST_ATTEMPTS)

    run_job(job_id=job_id, firm_id=firm_id)

    assert _calls == []
    assert _job(firm_id, job_id).status == "dead"


def test_goes_on_later_when_the_handler_says_so(firm_id):
    job_id = _promise(firm_id)
    later = timezone.now() + timedelta(minutes=5)
    _behavior["outcome"] = RunAgain(at=later)

    run_job(job_id=job_id, firm_id=firm_id)
    run_job(job_id=job_id, firm_id=firm_id)

    job = _job(firm_id, job_id)
    assert (job.status, job.attempts, job.available_at) == ("pending", 0, later)
    assert len(_calls) == 1


def test_carried_on_by_a_twin_promised_while_it_ran(firm_id):
    job_id = _promise(firm_id, dedupe_key="once")
    twins: list[int] = []

    def promise_a_twin(arguments):
        twins.append(_promise(firm_id, dedupe_key="once"))
        return RunAgain(at=timezone.now())

    _behavior["outcome"] = promise_a_twin

    run_job(job_id=job_id, firm_id=firm_id)

    assert _job(firm_id, job_id).status == "done"
    assert _job(firm_id, twins[0]).status == "pending"


def test_finishes_in_the_transaction_of_its_work(firm_id):
    job_id = _promise(firm_id)
    seen: list[str] = []

    def work(arguments):
        with tenant(firm_id):
            finish_current_job()
            seen.append(Job.objects.get(pk=job_id).status)

    _behavior["outcome"] = work

    run_job(job_id=job_id, firm_id=firm_id)

    assert seen == ["done"]
    assert _job(firm_id, job_id).status == "done"


def test_a_worker_whose_lease_ran_out_writes_nothing_more(firm_id):
    job_id = _promise(firm_id)

    def overtaken(arguments):
        _change(firm_id, job_id, lease_until=timezone.now() - timedelta(seconds=1))
        _behavior["outcome"] = None
        run_job(job_id=job_id, firm_id=firm_id)
        with pytest.raises(LeaseLost):
            extend_lease()
        raise VendorUnavailable

    _behavior["outcome"] = overtaken

    with pytest.raises(LeaseLost):
        run_job(job_id=job_id, firm_id=firm_id)

    job = _job(firm_id, job_id)
    assert (job.status, job.attempts) == ("done", 2)


def test_the_sweeper_finds_what_was_promised_and_never_started(firm_id, cast):
    lost = _promise(firm_id)
    fresh = _promise(firm_id)
    abandoned = _promise(cast.strangers_firm.firm_id)
    long_ago = timezone.now() - timedelta(minutes=2)
    _change(firm_id, lost, published_at=long_ago)
    _change(
        cast.strangers_firm.firm_id,
        abandoned,
        status="running",
        published_at=long_ago,
        lease_until=long_ago,
        attempts=1,
    )

    swept = sweep_jobs()

    assert swept == 2
    for owner, job_id in ((firm_id, lost), (cast.strangers_firm.firm_id, abandoned)):
        published_at = _job(owner, job_id).published_at
        assert published_at is not None
        assert published_at > long_ago
    assert sweep_jobs() == 0
    assert _job(firm_id, fresh).status == "pending"


def test_jobs_of_the_platform_have_no_firm():
    with transaction.atomic():
        job_id = enqueue("tests.act", day="2026-01-31")
    assert job_id is not None

    run_job(job_id=job_id, firm_id=None)

    assert _calls == [{"day": "2026-01-31"}]


def test_firms_do_not_see_each_others_jobs(firm_id, cast):
    job_id = _promise(firm_id)

    with tenant(cast.strangers_firm.firm_id):
        assert not Job.objects.filter(pk=job_id).exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM core_job WHERE id = %s", [job_id])
        assert cursor.fetchone() == (0,)
