"""What the tests of a module only read, made once: in the transaction `around_module`, rolled back after the last.

Each test still runs in a transaction of its own, there a savepoint: whatever it changes is gone for the next one. What
is made knows nothing of a test's own fixtures, and for the database the module's beginning is `now()`.
"""

from collections.abc import Callable
from typing import Any, TypeVar

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from tests.accounts.factories import Cast, make_cast

Value = TypeVar("Value")


def standing(make: Callable[[Cast], Value]) -> Any:
    """Return a fixture for a module's tests: a cast, and what `make` returned when it was given that cast.

    usage: `wild_30 = standing(lambda cast: build_wild(cast, seed=30))`, and in a test `cast, books = wild_30`.
    """

    @pytest.fixture(scope="module")
    def made(around_module: None, django_db_blocker: DjangoDbBlocker) -> tuple[Cast, Value]:
        with django_db_blocker.unblock(), transaction.atomic():
            cast = make_cast()
            return cast, make(cast)

    return made
