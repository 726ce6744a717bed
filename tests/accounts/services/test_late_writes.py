"""Writes that come while a firm is being erased, with real threads: each is erased too, or refused."""

import threading
import time
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, connections
from django.utils import timezone

from apps.accounts.models import FirmErasure
from apps.accounts.services.erase_firm import erase_firm, erase_late_rows
from apps.accounts.services.request_erasure import request_erasure
from apps.clio.models import Matter
from apps.core.errors import FirmErased
from apps.core.jobs import enqueue
from apps.core.models import AuditEntry, Job
from apps.core.tenancy import tenant
from tests.accounts.factories import make_firm, make_user

pytestmark = pytest.mark.django_db(transaction=True)
_PATIENCE_SECONDS = 60


@pytest.fixture
def doomed():
    """A firm whose day has come: its profile, and what erases it."""
    owner = make_user()
    firm = make_firm(owner)
    erasure = request_erasure(firm_id=firm.firm_id, actor_id=owner.pk, firm_name=firm.name, now=timezone.now())
    later = erasure.erase_at + timedelta(seconds=1)
    return firm, lambda: erase_firm(firm_id=firm.firm_id, erasure_id=erasure.pk, now=later)


class _Thread(threading.Thread):
    """Runs an act on a connection of its own and keeps how it ended."""

    def __init__(self, act) -> None:
        super().__init__()
        self.act = act
        self.error: Exception | None = None
        self.outcome: Any = None
        self.start()

    def run(self) -> None:
        try:
            self.outcome = self.act()
        except Exception as error:  # noqa: BLE001 - the test looks at it
            self.error = error
        finally:
            connections.close_all()


def _write(firm) -> None:
    """Rows with and without a foreign key: a mirrored record, which has none, a job, which has none, an entry."""
    Matter.objects.create(firm_id=firm.firm_id, clio_id=72, display_number="00001-Late")
    enqueue("tests.late", firm_id=firm.firm_id)


def _left(firm) -> dict[str, int]:
    with tenant(firm.firm_id, read_only=True):
        return {
            "matters": Matter.objects.filter(firm_id=firm.firm_id).count(),
            "jobs": Job.objects.filter(firm_id=firm.firm_id).count(),
            "erasures": FirmErasure.objects.filter(firm_id=firm.firm_id).count(),
        }


# Of this database only: another process's tests wait for locks of their own on the same server.
_WAITS = """
SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
               AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))
"""


def _waits_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_WAITS)
        return bool(cursor.fetchone() == (True,))


def test_what_was_written_before_is_waited_for_and_erased(doomed):
    firm, erase = doomed
    has_written, may_commit = threading.Event(), threading.Event()

    def late() -> None:
        with tenant(firm.firm_id):
            _write(firm)
            has_written.set()
            assert may_commit.wait(_PATIENCE_SECONDS)

    writer = _Thread(late)
    assert has_written.wait(_PATIENCE_SECONDS)
    eraser = _Thread(erase)
    while eraser.is_alive() and not _waits_for_a_lock():
        time.sleep(0.01)
    assert eraser.is_alive()
    may_commit.set()
    writer.join(_PATIENCE_SECONDS)
    eraser.join(_PATIENCE_SECONDS)

    assert writer.error is None
    assert eraser.error is None
    assert eraser.outcome.removed["clio.mirror"] == 1
    assert _left(firm) == {"matters": 0, "jobs": 0, "erasures": 0}


def test_who_comes_while_it_is_erased_waits_and_is_refused(doomed):
    firm, erase = doomed
    results = []

    def late() -> None:
        until = time.monotonic() + _PATIENCE_SECONDS
        while time.monotonic() < until:
            try:
                with tenant(firm.firm_id):
                    _write(firm)
                    Matter.objects.filter(firm_id=firm.firm_id).delete()
                results.append("written")
            except FirmErased:
                results.append("refused")
                return

    writers = [_Thread(late) for _ in range(4)]
    while not results:
        time.sleep(0.005)
    eraser = _Thread(erase)
    for thread in (*writers, eraser):
        thread.join(2 * _PATIENCE_SECONDS)

    assert eraser.error is None
    assert [writer.error for writer in writers] == [None] * 4
    assert results.count("refused") == 4
    assert "written" in results
    assert _left(firm) == {"matters": 0, "jobs": 0, "erasures": 0}


def test_what_slipped_through_is_found_and_told_in_the_trail(doomed):
    firm, erase = doomed
    assert erase() is not None
    with tenant(firm.firm_id, even_erased=True):
        _write(firm)

    assert erase_late_rows(erased_firm_id=firm.firm_id) == 2
    assert erase_late_rows(erased_firm_id=firm.firm_id) == 0

    assert _left(firm) == {"matters": 0, "jobs": 0, "erasures": 0}
    with tenant(firm.firm_id, read_only=True):
        entry = AuditEntry.objects.get(action="accounts.late_rows_erased")
    assert entry.details == {"removed": {"clio.mirror": 1, "core.jobs": 1}}


def test_a_firm_that_is_there_is_left_alone(doomed):
    firm, _ = doomed

    assert erase_late_rows(erased_firm_id=firm.firm_id) == 0

    assert _left(firm)["erasures"] == 1
