"""A text message is billed by the segment."""

import pytest

from apps.notifications.rules.sms_segments import count_segments, to_plain_signs


@pytest.mark.parametrize(
    ("text", "segments"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("[" * 80, 1),
        ("[" * 81, 2),
        # An escaped sign that would straddle two segments goes to the second as a whole.
        ("a" * 152 + "[" + "a" * 152, 3),
        ("é" * 160, 1),
        ("ê" * 70, 1),
        ("ê" * 71, 2),
        ("ê" * 134, 2),
        ("ê" * 135, 3),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
        ("\u2019" + "a" * 100, 2),
    ],
)
def test_counts(text: str, segments: int):
    assert count_segments(text) == segments


def test_plain_signs_keep_a_message_in_the_cheap_encoding():
    text = "\u201cIt\u2019s ready\u201d \u2013 see\u2026 \u2022 more\u00a0here"

    assert to_plain_signs(text) == '"It\'s ready" - see... - more here'
    assert count_segments(to_plain_signs(text * 4)) == 1
