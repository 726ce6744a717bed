"""What changed is shown line by line, and in a changed line word by word."""

from apps.notifications.contracts import Channel, Wording
from apps.notifications.rendering.difference import Line, compare


def words(**parts: str) -> Wording:
    return Wording("accounts.welcome", Channel.EMAIL, {"subject": "", "preheader": "", "reason": "", **parts})


def test_shows_the_changed_words_of_a_line():
    old, new = words(subject="Hello you", body="# A\n\nsame"), words(subject="Hello there", body="# A\n\nsame")

    subject, _, _, body = compare(old, new)

    assert subject.lines == (
        Line("gone", (("Hello ", False), ("you", True))),
        Line("new", (("Hello ", False), ("there", True))),
    )
    assert subject.is_changed
    assert not body.is_changed
    assert [line.sign for line in body.lines] == ["same", "same", "same"]


def test_shows_added_and_removed_lines_whole():
    *_, body = compare(words(body="a\nb\nc"), words(body="a\nc\nd\ne"))

    assert [(line.sign, line.words[0][0]) for line in body.lines] == [
        ("same", "a"),
        ("gone", "b"),
        ("same", "c"),
        ("new", "d"),
        ("new", "e"),
    ]
