"""`make check` finds a kind that could not be written."""

from dataclasses import replace

from django.core.checks import run_checks

from apps.notifications.contracts import Channel, Wording
from apps.notifications.rendering.checks import faults_of, find_faults, find_orphans
from apps.notifications.rendering.sources import file_wording
from apps.notifications.rules.catalogue import get_kind


def test_the_catalogue_is_sound():
    assert run_checks(tags=["notifications"]) == []


def test_names_each_missing_template():
    farewell = replace(get_kind("system.test_message"), key="accounts.farewell")

    assert list(find_faults(farewell)) == [
        "accounts.farewell: accounts.farewell.email.md is missing.",
        "accounts.farewell: accounts.farewell.sms.txt is missing.",
        "accounts.farewell: accounts.farewell.in_app.md is missing.",
    ]


def test_names_an_unknown_variable():
    nameless = replace(get_kind("accounts.welcome"), sample={})

    assert list(find_faults(nameless)) == [
        "accounts.welcome: accounts.welcome.email.md: name is not among its names: ."
    ]


def test_names_a_sample_value_that_nothing_uses():
    welcome = get_kind("accounts.welcome")
    richer = replace(welcome, sample={**welcome.sample, "firm": "Ash & Birch LLP"})

    assert list(find_faults(richer)) == ["accounts.welcome: no template uses firm of its sample."]


def test_names_a_value_of_the_wrong_form():
    receipt = get_kind("billing.receipt")
    odd = replace(receipt, sample={**receipt.sample, "paid_on": "the day before yesterday"})

    assert list(find_faults(odd)) == [
        "billing.receipt: billing.receipt.email.md: paid_on cannot be shown by day: not a day."
    ]


def test_finds_a_fault_in_a_branch_the_sample_does_not_take():
    kind = get_kind("system.maintenance_planned")
    words = file_wording(kind, Channel.IN_APP)
    body = "{% if read_only %}All well.{% else %}{{ starts_at|money:ends_at }}{% endif %}"

    faults = list(faults_of(kind, Wording(kind.key, Channel.IN_APP, {**words.parts, "body": body})))

    assert faults == ["starts_at cannot be shown by money: not an amount."]


def test_finds_text_messages_and_lines_that_are_too_long():
    kind = get_kind("system.test_message")

    long_sms = list(faults_of(kind, Wording(kind.key, Channel.SMS, {"body": "word " * 70 + "{{ sent_at|moment }}"})))
    title = {"title": "t" * 151, "body": "b", "link": ""}
    long_title = list(faults_of(kind, Wording(kind.key, Channel.IN_APP, title)))
    subject = {"subject": "s" * 101, "preheader": "p", "reason": "", "body": "b"}
    long_subject = list(faults_of(kind, Wording(kind.key, Channel.EMAIL, subject)))

    assert long_sms == ["the sample takes 3 segments; 2 are the most."]
    assert long_title == ["the title has 151 signs; 1 to 150 are meant."]
    assert long_subject == ["the subject has 101 signs; 1 to 100 are meant."]


def test_finds_a_file_that_belongs_to_no_kind(tmp_path):
    for name in ("accounts.welcome.email.md", "accounts.welcome.sms.txt", "accounts.welcom.email.md"):
        (tmp_path / name).touch()

    assert [fault.partition(" belongs")[0] for fault in find_orphans(tmp_path)] == [
        "accounts.welcom.email.md",
        "accounts.welcome.sms.txt",
    ]
