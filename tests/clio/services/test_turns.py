"""A task of a firm's is one worker's at a time."""

from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection, connections

from apps.clio.errors import TurnTaken
from apps.clio.services.turns import turn_at
from apps.core.tenancy import tenant

pytestmark = pytest.mark.django_db(transaction=True)


def runs_out(firm: Any) -> None:
    with tenant(firm.firm_id), connection.cursor() as cursor:
        cursor.execute("UPDATE clio_turns SET held_until = now() - interval '1 second'")


def test_one_of_many_gets_the_turn(cast):
    together, leave = Barrier(8), Barrier(8)
    won: list[bool] = []
    waits: list[float] = []

    def try_it() -> None:
        together.wait()
        try:
            with turn_at("deliveries", firm_id=cast.firm.firm_id):
                won.append(True)
                leave.wait(30)
        except TurnTaken as taken:
            waits.append(taken.retry_after_seconds)
            leave.wait(30)
        finally:
            connections.close_all()

    threads = [Thread(target=try_it) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert won == [True]
    assert len(waits) == 7
    assert all(0 < wait <= 60 for wait in waits)


def test_the_next_one_gets_it_after_the_block(cast):
    kept = 0
    for _ in range(2):
        with turn_at("deliveries", firm_id=cast.firm.firm_id) as turn:
            turn.keep()
            kept += 1

    assert kept == 2


def test_other_tasks_and_other_firms_have_turns_of_their_own(cast):
    with (
        turn_at("deliveries", firm_id=cast.firm.firm_id),
        turn_at("webhooks", firm_id=cast.firm.firm_id),
        turn_at("deliveries", firm_id=cast.strangers_firm.firm_id),
        pytest.raises(TurnTaken),
        turn_at("deliveries", firm_id=cast.firm.firm_id),
    ):
        pytest.fail("one turn was given twice")


def test_a_turn_that_ran_out_is_somebody_else_s(cast):
    with turn_at("deliveries", firm_id=cast.firm.firm_id) as late:
        runs_out(cast.firm)
        with turn_at("deliveries", firm_id=cast.firm.firm_id) as next_one:
            with pytest.raises(TurnTaken):
                late.keep()
            next_one.keep()
