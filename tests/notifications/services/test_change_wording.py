"""Staff's words live in versions: drafted, put into use, replaced, gone back to; the file is always underneath."""

import logging
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import DatabaseError, connection, transaction

from apps.core.errors import DomainError, NotFound
from apps.core.models import AuditEntry
from apps.core.staff import staff_view
from apps.core.tenancy import acting_as
from apps.notifications.contracts import Channel
from apps.notifications.errors import WordingChanged, WordingRefused
from apps.notifications.models import WordingVersion
from apps.notifications.queries.wording import find_approved_wording, list_versions
from apps.notifications.rendering.email import render_email
from apps.notifications.rendering.sms import render_sms
from apps.notifications.rules.catalogue import get_kind
from apps.notifications.services.change_wording import approve_wording, draft_wording, withdraw_wording
from apps.notifications.services.deliver import deliver
from tests.accounts.factories import make_user
from tests.notifications.factories import promise_welcome
from tests.notifications.staff import KIND, PARTS, make_staff, put_into_use

pytestmark = pytest.mark.django_db
FILE_SUBJECT = "Welcome to Smarter Firms, Ada"


def subject() -> str:
    """What Ada would get now."""
    return render_email(get_kind(KIND), {"name": "Ada"}).subject


def draft(staff_id: int, **parts: str) -> int:
    return draft_wording(
        kind=KIND, channel=Channel.EMAIL, parts={**PARTS, **parts}, note="friendlier", staff_id=staff_id
    )


def use(staff_id: int, version: int) -> None:
    approve_wording(kind=KIND, channel=Channel.EMAIL, version=version, staff_id=staff_id)


def test_lives_through_draft_use_replacement_and_the_way_back():
    staff = make_staff()

    first = draft(staff.pk)
    assert (first, subject()) == (1, FILE_SUBJECT)

    use(staff.pk, first)
    assert subject() == "Good to have you, Ada"

    second = draft(staff.pk, subject="Hello {{ name }}")
    assert (second, subject()) == (2, "Good to have you, Ada")
    use(staff.pk, second)
    assert subject() == "Hello Ada"

    use(staff.pk, first)
    assert subject() == "Good to have you, Ada"

    assert withdraw_wording(kind=KIND, channel=Channel.EMAIL, staff_id=staff.pk) == 1
    assert subject() == FILE_SUBJECT
    assert [(one.version, one.state.value) for one in list_versions(KIND, Channel.EMAIL)] == [
        (2, "retired"),
        (1, "retired"),
    ]


def test_keeps_who_and_why():
    author, approver = make_staff(), make_staff()

    version = draft(author.pk)
    use(approver.pk, version)

    (row,) = list_versions(KIND, Channel.EMAIL)
    assert (row.author_id, row.approver_id, row.note) == (author.pk, approver.pk, "friendlier")
    assert row.approved_at is not None
    assert row.approved_at >= row.created_at


def test_every_change_is_in_the_audit_trail():
    staff = make_staff()
    version = put_into_use(staff)
    withdraw_wording(kind=KIND, channel=Channel.EMAIL, staff_id=staff.pk)

    with acting_as(staff.pk):
        said = [(row.details["reason"], row.target) for row in AuditEntry.objects.order_by("pk")]
    assert said == [
        ("wording drafted", f"{KIND}/email"),
        ("wording approved", f"{KIND}/email/{version}"),
        ("wording withdrawn", f"{KIND}/email"),
    ]


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"subject": ""}, "The subject is empty."),
        ({"body": "   "}, "The body is empty."),
        ({"body": "{{ secret }}"}, "secret is not among its names: name."),
        ({"body": "{{ name.__class__ }}"}, "is not a name with at most one filter"),
        ({"body": "{% load x %}"}, "is not {% if name %}"),
        ({"body": "Go to https://evil.example"}, "The text holds an address."),
        ({"subject": "s" * 101}, "the subject has 101 signs"),
        ({"body": "x" * 12_001}, "longer than 12,000"),
        ({"body": "{{ name|money:name }}"}, "name cannot be shown by money"),
        ({"reason": "{% if name %}x"}, "has no {% endif %}"),
    ],
)
def test_refuses_words_that_do_not_hold_and_keeps_nothing(parts: dict[str, str], said: str):
    staff = make_staff()

    with pytest.raises(WordingRefused) as caught:
        draft(staff.pk, **parts)

    assert said in caught.value.detail
    assert WordingVersion.objects.count() == 0


@pytest.mark.parametrize(
    ("kind", "channel", "parts", "lost"),
    [
        ("accounts.sign_in_code", Channel.SMS, {"body": "Your code is on its way."}, "code"),
        (
            "accounts.password_reset",
            Channel.EMAIL,
            {"subject": "s", "preheader": "p", "body": "# Hello\n\nChoose a new password."},
            "address",
        ),
        ("accounts.new_device", Channel.IN_APP, {"title": "t", "body": "b", "link": ""}, "address"),
    ],
)
def test_refuses_words_that_lose_the_code_or_the_link(kind: str, channel: Channel, parts: dict[str, str], lost: str):
    staff = make_staff()

    with pytest.raises(WordingRefused, match=f"leave out {{{{ {lost} }}}}"):
        draft_wording(kind=kind, channel=channel, parts=parts, note="shorter", staff_id=staff.pk)


def test_refuses_a_change_without_a_reason():
    staff = make_staff()

    with pytest.raises(WordingRefused, match="Say in a line why"):
        draft_wording(kind=KIND, channel=Channel.EMAIL, parts=PARTS, note=" ", staff_id=staff.pk)


@pytest.mark.parametrize(("kind", "channel"), [("accounts.farewell", Channel.EMAIL), (KIND, Channel.SMS)])
def test_knows_no_such_words(kind: str, channel: Channel):
    staff = make_staff()

    with pytest.raises(NotFound):
        draft_wording(kind=kind, channel=channel, parts=PARTS, note="x", staff_id=staff.pk)
    with pytest.raises(NotFound):
        approve_wording(kind=kind, channel=channel, version=1, staff_id=staff.pk)
    with pytest.raises(NotFound):
        withdraw_wording(kind=kind, channel=channel, staff_id=staff.pk)


def test_there_is_nothing_to_approve_or_to_withdraw():
    staff = make_staff()

    with pytest.raises(NotFound):
        use(staff.pk, 7)
    with pytest.raises(NotFound, match="in use already"):
        withdraw_wording(kind=KIND, channel=Channel.EMAIL, staff_id=staff.pk)


@pytest.mark.parametrize("broken", [{"body": "{{ gone }}"}, {"body": "{{ name"}, {"subject": 5}, {"body": None}])
def test_a_broken_override_falls_back_to_the_file_and_says_so(caplog, broken: dict[str, object]):
    staff = make_staff()
    with staff_view(staff.pk, "a fault made by hand"):
        WordingVersion.objects.create(
            kind=KIND,
            channel="email",
            version=1,
            parts={**PARTS, **broken},
            note="n",
            state="approved",
            approved_at="2026-03-03T00:00Z",
        )

    with caplog.at_level(logging.ERROR):
        mail = render_email(get_kind(KIND), {"name": "Ada Secret"})

    assert mail.subject == "Welcome to Smarter Firms, Ada Secret"
    assert [record.message for record in caplog.records] == ["notifications.wording_broken"]
    record = vars(caplog.records[0])
    assert (record["kind"], record["channel"], record["version"]) == (KIND, "email", 1)
    assert "Ada" not in caplog.text


def test_parts_missing_altogether_fall_back_too():
    staff = make_staff()
    with staff_view(staff.pk, "a fault made by hand"):
        WordingVersion.objects.create(
            kind="system.test_message",
            channel="sms",
            version=1,
            parts=["no", "parts"],
            note="n",
            state="approved",
            approved_at="2026-03-03T00:00Z",
        )
    kind = get_kind("system.test_message")

    assert render_sms(kind, kind.sample).text.startswith("Smarter Firms: this is a test message")


def test_what_is_in_use_is_put_into_every_mail(mailoutbox):
    put_into_use(make_staff())

    deliver(promise_welcome(make_user("Ada Lovelace")))

    assert [mail.subject for mail in mailoutbox] == ["Good to have you, Ada Lovelace"]


class TestTheDatabase:
    """What must hold is held by the database, whatever the code does."""

    def test_the_application_cannot_write_words(self):
        insert = "INSERT INTO notifications_wordingversion (kind, channel, version, parts, note, state)"
        for statement in (
            f"{insert} VALUES ('a', 'email', 1, '{{}}', 'n', 'draft')",
            "UPDATE notifications_wordingversion SET state = 'draft'",
            "DELETE FROM notifications_wordingversion",
        ):
            with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
                _run(statement)

    def test_staff_cannot_change_what_was_written(self):
        staff = make_staff()
        put_into_use(staff)

        for statement in (
            "UPDATE notifications_wordingversion SET parts = '{}'",
            "UPDATE notifications_wordingversion SET note = ''",
            "UPDATE notifications_wordingversion SET author_id = NULL",
            "DELETE FROM notifications_wordingversion",
        ):
            with pytest.raises(DatabaseError, match="permission denied"), staff_view(staff.pk, "a try"):
                _run(statement)

    def test_two_versions_are_never_in_use(self):
        staff = make_staff()
        put_into_use(staff)
        draft(staff.pk)

        with pytest.raises(DatabaseError, match="one_approved"), staff_view(staff.pk, "a try"):
            WordingVersion.objects.filter(version=2).update(state="approved", approved_at="2026-03-03T00:00Z")

    def test_words_outlive_the_account_of_their_author(self):
        staff = make_staff()
        put_into_use(staff)

        staff.delete()

        (row,) = list_versions(KIND, Channel.EMAIL)
        assert (row.author_id, row.approver_id) == (None, None)


@pytest.mark.django_db(transaction=True)
def test_of_many_who_save_at_once_each_gets_a_version_or_is_told():
    staff = make_staff()
    start = Barrier(6)

    def work(at: int) -> str:
        start.wait()
        try:
            use(staff.pk, draft(staff.pk, subject=f"Try {at}, {{{{ name }}}}"))
        except WordingChanged:
            return "told"
        except DomainError as error:
            return error.code
        finally:
            connection.close()
        return "kept"

    with ThreadPoolExecutor(6) as people:
        outcomes = list(people.map(work, range(6)))

    assert set(outcomes) <= {"kept", "told"}
    assert "kept" in outcomes
    versions = [one.version for one in list_versions(KIND, Channel.EMAIL)]
    assert versions == sorted(set(versions), reverse=True)
    assert sum(one.state.value == "approved" for one in list_versions(KIND, Channel.EMAIL)) == 1
    assert find_approved_wording(KIND, Channel.EMAIL) is not None


def _run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
