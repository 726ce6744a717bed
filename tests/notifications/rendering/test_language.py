"""Words are no program: what staff write can name values, ask whether they are there, and nothing else."""

import time
from contextlib import suppress

import pytest

from apps.notifications.contracts import Channel, Reader, Wording
from apps.notifications.errors import WordingRefused
from apps.notifications.rendering.compose import compose_email
from apps.notifications.rendering.language import choose, conditions_in, in_one_line, lines_of, names_in, parse
from apps.notifications.rules.catalogue import get_kind

WELCOME = get_kind("accounts.welcome")
HOSTILE = [
    "{{ name.__class__ }}",
    "{{ name.__class__.__mro__ }}",
    "{{ name.0 }}",
    "{{ name['x'] }}",
    "{{ name() }}",
    "{{ name.upper }}",
    "{{ 7 * 7 }}",
    "{{ 'text' }}",
    "{{ name|upper }}",
    "{{ name|safe }}",
    "{{ name|escapejs|safe }}",
    "{{ name|default:other }}",
    "{{ name|day:name }}",
    "{{ name|s|s }}",
    "{{ settings.SECRET_KEY }}",
    "{{ request.user }}",
    "{{ block.super }}",
    "{{ __import__ }}",
    "{{ NAME }}",
    "{{ naïve }}",
    "{{ name\n}}",
    "{{ " + "a" * 41 + " }}",
    "{{}}",
    "{{ }}",
    "{{ {{ name }} }}",
    "{{ name",
    "name }}",
    "{% load static %}",
    "{% include 'x' %}",
    "{% extends 'x' %}",
    "{% debug %}",
    "{% now 'Y' %}",
    "{% for x in name %}{{ x }}{% endfor %}",
    "{% with x=name %}{{ x }}{% endwith %}",
    "{% autoescape off %}{{ name }}{% endautoescape %}",
    "{% ssi '/etc/passwd' %}",
    "{% url 'admin:index' %}",
    "{% csrf_token %}",
    "{% if name == 'x' %}y{% endif %}",
    "{% if name.x %}y{% endif %}",
    "{% if name and name %}y{% endif %}",
    "{% if name %}y",
    "{% if name %}y{% else %}z",
    "{% endif %}",
    "{% else %}",
    "{% if name %}a{% else %}b{% else %}c{% endif %}",
    "{% if name %}" * 4 + "x" + "{% endif %}" * 4,
    "{# a comment #}",
    "{% comment %}x{% endcomment %}",
    "see http://evil.example",
    "see HTTPS://evil.example",
    "www.evil.example",
    "[x](javascript:alert(1))",
    "//evil.example/x",
    "mailto:x@evil.example",
    "a\u202eb",
    "a\u200bb",
    "a\x00b",
    "x" * 12_001,
    "{{ name }}" * 201,
]


@pytest.mark.parametrize("source", HOSTILE)
def test_refuses_whatever_is_not_the_language(source: str):
    with pytest.raises(WordingRefused):
        parse(source)


@pytest.mark.parametrize("source", HOSTILE)
def test_such_words_never_reach_a_mail(source: str):
    words = Wording(WELCOME.key, Channel.EMAIL, {"subject": "s", "preheader": "p", "reason": "", "body": source})

    with pytest.raises(WordingRefused):
        compose_email(WELCOME, words, {"name": "Ada"}, Reader())


@pytest.mark.parametrize("source", ["{{ other }}", "{% if other %}x{% endif %}", "{{ name|money:other }}"])
def test_refuses_a_name_the_message_does_not_have(source: str):
    words = Wording(WELCOME.key, Channel.EMAIL, {"subject": "s", "preheader": "p", "reason": "", "body": source})

    with pytest.raises(WordingRefused, match="no other"):
        compose_email(WELCOME, words, {"name": "Ada"}, Reader())


@pytest.mark.parametrize(
    "source",
    [
        "{" * 12_000,
        "{{" * 6_000,
        "{%" * 6_000,
        "{{ a" * 3_000,
        "{% if a" * 1_700,
        "[" * 12_000,
        "[[" * 6_000,
        "**" * 6_000,
        "*" * 11_999 + "a",
        "[a](" * 3_000,
        "| " * 6_000,
        "|" * 12_000,
        "1. " + "a |" * 3_990,
        "1. " + " " * 11_990,
        "- \n" * 4_000,
        "\n" * 12_000,
        "\n \t" * 4_000,
        " " * 12_000,
        "{% if name %}x{% endif %}" * 95,
        "a b" * 4_000,
    ],
)
def test_reading_takes_no_time_whatever_is_written(source: str):
    words = Wording(WELCOME.key, Channel.EMAIL, {"subject": "s", "preheader": "p", "reason": "", "body": source})
    start = time.thread_time()  # not what others make of the processor meanwhile

    with suppress(WordingRefused):
        compose_email(WELCOME, words, {"name": "Ada"}, Reader())

    assert time.thread_time() - start < 1


def test_the_longest_values_stay_short():
    kind = get_kind("system.digest")
    words = Wording(
        kind.key, Channel.EMAIL, {"subject": "s", "preheader": "p", "reason": "", "body": "- {{ items|each }}\n" * 10}
    )
    items = "\n".join(["y" * 300] * 50)

    with pytest.raises(WordingRefused, match="longer than 100,000"):
        compose_email(kind, words, {**kind.sample, "items": items}, Reader())


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("{{{ name }}}", {"name"}),
        ("plain words, 100 % of them { really }", set()),
        ("{{ name }}", {"name"}),
        ("{{name}} {{   name   }}", {"name"}),
        ("{{ amount|money:currency }}", {"amount", "currency"}),
        ("{% if a %}{{ b }}{% else %}{% if not c %}{{ d }}{% endif %}{% endif %}", set("abcd")),
    ],
)
def test_finds_every_name(source: str, names: set[str]):
    assert names_in(source) == names


@pytest.mark.parametrize(
    ("values", "chosen"),
    [({"a": True, "b": ""}, "x  yes{{ a }}"), ({"a": False, "b": ""}, "x no-b"), ({"a": False, "b": "B"}, "x b")],
)
def test_takes_the_branch_that_holds(values: dict[str, str | int | bool], chosen: str):
    source = "x {% if a %} yes{{ a }}{% else %}{% if not b %}no-b{% else %}b{% endif %}{% endif %}"

    assert choose(source, values) == chosen
    assert conditions_in(source) == {"a", "b"}


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("  two\r\n lines\t", "two lines"),
        ("a\u202eb\u200bc\x07", "abc"),
        ("Go to http://evil.example now", "Go to evil.example now"),
        ("javascript:/alert(1)", "alert(1)"),
        ("WWW.evil.example", "evil.example"),
        ("Hart & Sons, P.C.: a firm", "Hart & Sons, P.C.: a firm"),
        ("{{ name }} {% if x %}", "{{ name }} {% if x %}"),
        ("z" * 400, "z" * 299 + "…"),
    ],
)
def test_a_value_stays_on_its_line_and_starts_no_link(value: str, shown: str):
    assert in_one_line(value) == shown


def test_a_list_is_cut_at_its_lines_and_tabs():
    lines = lines_of("One\thttps://app.example.com/1\n\n  Two \nsee http://evil.example" + "\nmore" * 100)

    assert lines[:3] == [["One", "https://app.example.com/1"], ["Two"], ["see evil.example"]]
    assert len(lines) == 50
