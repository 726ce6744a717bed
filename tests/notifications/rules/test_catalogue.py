"""The catalogue refuses what its templates could not say."""

import pytest

from apps.notifications.contracts import Category, Channel
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


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("seats", "12", "seats is not a whole number"),
        ("paid_on", "yesterday", "paid_on is not a day"),
        ("total", "324,75", "total is not an amount"),
        ("address", "javascript:alert(1)", "address is not an address"),
        ("card", "x" * 10_001, "card is longer than 10,000 characters"),
    ],
)
def test_refuses_a_value_of_another_form_than_its_sample(name: str, value: object, said: str):
    receipt = get_kind("billing.receipt")

    with pytest.raises(ContextDoesNotFit, match=said):
        check_context(receipt, {**receipt.sample, name: value})


def test_every_kind_is_consistent():
    """Security cannot be refused or held back; marketing goes only to those who asked; keys and labels are unique."""
    assert len({kind.key for kind in KINDS}) == len({kind.label for kind in KINDS}) == len(KINDS)
    for kind in KINDS:
        assert kind.channels
        assert set(kind.on_request) <= set(kind.channels)
        assert kind.may_refuse or not kind.may_wait, kind.key
        if kind.category is Category.SECURITY:
            assert (kind.may_refuse, kind.by_default, kind.on_request) == (False, True, ()), kind.key
        if kind.category is Category.MARKETING:
            assert (kind.may_refuse, kind.by_default) == (True, False), kind.key
        if kind.category is Category.ALERT:
            assert Channel.SMS not in kind.channels or Channel.SMS in kind.on_request, kind.key


def test_a_channel_on_request_does_not_go_by_default():
    alert = get_kind("reports.alert_fired")

    assert [alert.goes_by_default(channel) for channel in Channel] == [True, False, True]
    assert not get_kind("news.product").goes_by_default(Channel.EMAIL)
    assert not get_kind("accounts.welcome").goes_by_default(Channel.SMS)
