"""A firm whose mirror is filled, and people who see parts of it."""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from apps.core.scope import ScopeKind
from tests.accounts.factories import join, make_user, signed_in_client
from tests.clio.api.records.firm import Books, Place, make_books, put

Reader = Callable[..., APIClient]


@pytest.fixture
def books(cast: Any) -> Books:
    """The cast's firm's records."""
    made = make_books(7)
    put(cast.firm.firm_id, made)
    return made


@pytest.fixture
def reader(cast: Any, settings: Any) -> Reader:
    """Return a client of a new member: `reader(place, "trust")`, or of whoever sees the whole firm: `reader()`."""
    settings.RATE_LIMITS = dict.fromkeys(settings.RATE_LIMITS, 1_000_000)

    def make(place: Place | None = None, *permissions: str) -> APIClient:
        place = place or Place(ScopeKind.WHOLE_FIRM)
        grants = [{name: list(ids) for name, ids in _named(grant).items() if ids} for grant in place.grants]
        person = make_user()
        join(person, cast.firm, scope=place.kind, clio_user_id=place.me, grants=grants, permissions=list(permissions))
        return signed_in_client(person)

    return make


def _named(grant: Any) -> dict[str, tuple[int, ...]]:
    names = ("practice_area_ids", "timekeeper_ids", "group_ids", "client_ids")
    return {name: getattr(grant, name) for name in names}
