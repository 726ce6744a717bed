"""What people answer a text message with."""

import pytest

from apps.notifications.rules.sms_keywords import HELP_TEXT, meaning_of
from apps.notifications.rules.sms_segments import count_segments


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("STOP", "stop"),
        (" stop. ", "stop"),
        ("Unsubscribe", "stop"),
        ("opt-out", "stop"),
        ("START", "start"),
        ("yes!", "start"),
        ("help", "help"),
        ("please do not stop", None),
        ("", None),
    ],
)
def test_reads_a_whole_message(text, meaning):
    assert meaning_of(text) == meaning


def test_the_help_is_one_segment():
    assert count_segments(HELP_TEXT) == 1
