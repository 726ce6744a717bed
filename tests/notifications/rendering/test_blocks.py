"""A source is cut into the blocks its first signs name."""

import pytest

from apps.notifications.contracts import Channel, Wording
from apps.notifications.errors import WordingRefused
from apps.notifications.rendering.blocks import (
    Button,
    CodeBox,
    Each,
    Figures,
    Heading,
    Items,
    Note,
    Paragraph,
    Row,
    Step,
    Steps,
    parse_blocks,
)
from apps.notifications.rendering.compose import compose_email, compose_in_app
from apps.notifications.rendering.language import Placeholder
from apps.notifications.rendering.samples import sample_reader
from apps.notifications.rules.catalogue import get_kind

SOURCE = """\
# A heading

Two lines
of one paragraph.

> A note
> of two lines

= {{ code }}

[[Open it]]({{ address }}/more?x=1)

- one
- {{ items|each }}

1. First | Its text.
2. Second

|= Name | Amount
| **Fees** | {{ amount|money:currency }}
| {{ figures|each }}
| a | b | c
"""


def test_knows_every_block():
    assert parse_blocks(SOURCE) == (
        Heading("A heading"),
        Paragraph("Two lines of one paragraph."),
        Note("A note of two lines"),
        CodeBox("{{ code }}"),
        Button("Open it", "{{ address }}/more?x=1"),
        Items(("one", Each(Placeholder("items", "each", "")))),
        Steps((Step("1", "First", "Its text."), Step("2", "Second", ""))),
        Figures(
            (
                Row(("Name", "Amount"), is_head=True),
                Row(("**Fees**", "{{ amount|money:currency }}")),
                Each(Placeholder("figures", "each", "")),
                Row(("a", "b", "c")),
            )
        ),
    )


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("[[Pay]](x)", "is not a button"),
        ("[[Pay]]({{ a }} {{ b }})", "is not a button"),
        ("- one\ntwo", "does not begin with -"),
        ("| a | b\nc", "does not begin with |"),
        ("| a", "has 1 cells"),
        ("| a | b | c | d", "has 4 cells"),
        ("1. One\nTwo", "is not a step"),
    ],
)
def test_says_what_is_wrong(source: str, said: str):
    with pytest.raises(WordingRefused) as caught:
        parse_blocks(source)

    assert said in caught.value.detail


def test_each_stands_alone_or_not_at_all():
    kind = get_kind("system.digest")
    words = Wording(
        kind.key, Channel.EMAIL, {"subject": "s", "preheader": "p", "reason": "", "body": "All: {{ items|each }}"}
    )

    with pytest.raises(WordingRefused, match="stands alone"):
        compose_email(kind, words, kind.sample, sample_reader())


def test_a_list_of_a_value_links_only_where_it_leads_somewhere():
    kind = get_kind("system.digest")
    body = "- {{ items|each }}"
    items = "Read <this>\thttps://app.example.com/1\nNo link\nOdd\tjavascript:alert(1)"
    words = Wording(kind.key, Channel.EMAIL, {"subject": "s", "preheader": "p", "reason": "", "body": body})

    mail = compose_email(kind, words, {**kind.sample, "items": items}, sample_reader())

    assert mail.html.count('class="link"') == 1
    assert "Read &lt;this&gt;</a>" in mail.html
    assert "- Read <this>\n  https://app.example.com/1\n- No link\n- Odd" in mail.text


def test_the_inbox_takes_no_button():
    kind = get_kind("accounts.new_device")
    parts = {"title": "t", "link": "{{ address }}", "body": "[[Go]]({{ address }})"}

    with pytest.raises(WordingRefused, match="no button"):
        compose_in_app(kind, Wording(kind.key, Channel.IN_APP, parts), kind.sample, sample_reader())
