"""Two beats, one run."""

import pytest

from apps.core.jobs.periodic import periodic, registered_periodic, run_periodic

pytestmark = pytest.mark.django_db
_runs: list[str] = []


@pytest.fixture
def tick():
    _runs.clear()
    if "tests.tick" not in registered_periodic():
        periodic("tests.tick", lambda: _runs.append("ran"), every_seconds=3600)
    return "tests.tick"


def test_runs_once_in_a_slot(tick):
    first, second = run_periodic(name=tick), run_periodic(name=tick)

    assert (first, second) == (True, False)
    assert _runs == ["ran"]


def test_runs_again_in_the_next_slot(tick, time_machine_clock):
    run_periodic(name=tick)
    time_machine_clock.shift(3600)
    run_periodic(name=tick)

    assert _runs == ["ran", "ran"]


@pytest.fixture
def time_machine_clock():
    import time_machine

    with time_machine.travel("2026-03-01T00:10:00Z", tick=False) as clock:
        yield clock
