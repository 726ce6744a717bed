"""An entry of the inbox, also when it is read long after it was said."""

import logging

import pytest

from apps.notifications.contracts import Channel, Reader, RenderedInApp, Wording
from apps.notifications.rendering.in_app import render_in_app, render_in_app_of_list
from apps.notifications.rules.catalogue import get_kind

KIND = get_kind("accounts.new_device")
READER = Reader(zone="America/New_York")


@pytest.mark.django_db
def test_is_one_line_a_few_sentences_and_a_link():
    assert render_in_app(KIND, KIND.sample, READER) == RenderedInApp(
        title="New sign-in from Firefox on Windows",
        body="March 3, 2026, 4:15 PM EST, near Portland, Oregon. Not you, Olivia Hart? "
        "Sign that device out, then change your password.",
        link="https://app.smarterfirms.com/account/sessions",
    )


def test_a_list_takes_the_words_it_looked_up():
    words = Wording(KIND.key, Channel.IN_APP, {"title": "Seen: {{ device }}", "body": "{{ place }}", "link": ""}, 3)

    message = render_in_app_of_list(KIND, KIND.sample, READER, words)

    assert message == RenderedInApp("Seen: Firefox on Windows", "Portland, Oregon", "")


def test_a_context_older_than_the_words_shows_the_kinds_name(caplog):
    with caplog.at_level(logging.WARNING):
        message = render_in_app_of_list(KIND, {"name": "Olivia Hart"}, READER, None)

    assert message == RenderedInApp("Sign-in from a new device", "", "")
    assert [record.message for record in caplog.records] == ["notifications.inbox_words_do_not_fit"]
    assert "Olivia" not in caplog.text
