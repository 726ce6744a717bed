"""The catalogue refuses what its templates could not say."""

import pytest

from apps.notifications.errors import ContextDoesNotFit, UnknownKind
from apps.notifications.rules.catalogue import KINDS, check_context, get_kind


def test_finds_a_kind_by_its_key():
    assert get_kind("accounts.welcome").label == "Welcome to Smarter Firms"


def test_knows_no_other_kind():
    with pytest.raises(UnknownKind):
        get_kind("accounts.farewell")


def test_every_sample_fits_its_own_kind():
    for kind in KINDS:
        check_context(kind, kind.sample)


@pytest.mark.parametrize(
    "context", [{}, {"name": "Ada", "firm": "Ash"}, {"nom": "Ada"}, {"name": None}, {"name": ["Ada"]}]
)
def test_refuses_a_context_that_is_not_the_samples(context: dict[str, object]):
    with pytest.raises(ContextDoesNotFit):
        check_context(get_kind("accounts.welcome"), context)
