"""`make check` finds a kind that could not be written."""

from dataclasses import replace

from django.core.checks import run_checks

from apps.notifications.rendering.checks import find_faults
from apps.notifications.rules.catalogue import get_kind


def test_the_catalogue_is_sound():
    assert run_checks(tags=["notifications"]) == []


def test_names_each_missing_template():
    farewell = replace(get_kind("accounts.welcome"), key="accounts.farewell")

    faults = list(find_faults(farewell))

    assert [fault.split(" is missing")[0] for fault in faults] == [
        "accounts.farewell: notifications/accounts.farewell.subject.txt",
        "accounts.farewell: notifications/accounts.farewell.txt",
        "accounts.farewell: notifications/accounts.farewell.html",
    ]


def test_names_each_unknown_variable():
    nameless = replace(get_kind("accounts.welcome"), sample={})

    assert list(find_faults(nameless)) == [
        "accounts.welcome: notifications/accounts.welcome.subject.txt uses name, which its sample does not have.",
        "accounts.welcome: notifications/accounts.welcome.txt uses name, which its sample does not have.",
        "accounts.welcome: notifications/accounts.welcome.html uses name, which its sample does not have.",
    ]
