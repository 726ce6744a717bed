"""A person's inbox over the API: theirs alone, in order, kept once."""

from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.core.pages import Cursor
from apps.core.tenancy import acting_as, tenant
from apps.notifications.contracts import Box
from apps.notifications.interface import notify
from apps.notifications.models import Notification
from apps.notifications.queries.inbox import inbox_rows
from apps.notifications.rules.catalogue import get_kind
from apps.notifications.services.list_inbox import list_inbox
from tests.accounts.factories import make_user
from tests.notifications.people import NEWS, SECURITY, SHARED, choose, reachable, say

pytestmark = pytest.mark.django_db
INBOX = "/api/v1/me/notifications"


@pytest.fixture
def ada():
    return reachable(make_user("Ada Partner"))


@pytest.fixture
def client(ada, api):
    return api(ada)


def _ids(answer) -> list[UUID]:
    return [UUID(row["id"]) for row in answer.json()["results"]]


def test_lists_what_was_said_the_newest_first_in_words(ada, client):
    older, newer = say(ada, person="Cole League"), say(ada, SECURITY)

    answer = client.get(INBOX)

    assert answer.status_code == 200
    assert _ids(answer) == [newer, older]
    body = answer.json()
    assert (body["next"], body["previous"]) == (None, None)
    row = body["results"][1]
    assert (row["kind"], row["category"], row["label"]) == (SHARED, "transactional", "A report was shared with you")
    assert "Cole League" in row["title"] + row["body"]
    assert row["link"] == "https://app.smarterfirms.com/overview"
    assert (row["read_at"], row["archived_at"]) == (None, None)


def test_what_does_not_belong_into_an_inbox_is_not_in_it(ada, client):
    say(ada, "system.digest")
    say(ada, NEWS)

    assert _ids(client.get(INBOX)) == []
    assert client.get(f"{INBOX}/unread").json() == {"count": 0, "is_more": False}


def test_what_was_turned_off_for_the_inbox_does_not_appear_from_then_on(ada, client):
    before = say(ada)
    choose(ada, SHARED, "in_app", "off")
    say(ada)

    assert _ids(client.get(INBOX)) == [before]


def test_a_stranger_sees_nothing_and_changes_nothing(cast, api):
    hers = say(reachable(cast.owner))
    stranger = api(cast.stranger)

    assert _ids(stranger.get(INBOX)) == []
    assert stranger.get(f"{INBOX}/unread").json()["count"] == 0
    for call in (stranger.post, stranger.delete):
        assert call(f"{INBOX}/{hers}/archive").status_code == 404
    answer = stranger.post(f"{INBOX}/{hers}/read")
    assert (answer.status_code, answer.json()["code"]) == (404, "notifications.notification_unknown")
    assert stranger.post(f"{INBOX}/read-all", {}, format="json").json() == {"marked": 0}
    assert api(cast.owner).get(INBOX).json()["results"][0]["read_at"] is None


def test_a_colleague_sees_nothing_even_of_what_is_about_their_firm(cast, api):
    reachable(cast.owner)
    with tenant(cast.firm.firm_id):
        notify(recipient=cast.owner.pk, kind=SHARED, context=get_kind(SHARED).sample, firm_id=cast.firm.firm_id)

    assert len(_ids(api(cast.owner).get(INBOX))) == 1
    assert _ids(api(cast.colleague).get(INBOX)) == []


def test_reading_counts_once(ada, client):
    first, second = say(ada), say(ada)

    assert client.get(f"{INBOX}/unread").json() == {"count": 2, "is_more": False}
    assert [client.post(f"{INBOX}/{first}/read").status_code for _ in range(2)] == [204, 204]

    assert client.get(f"{INBOX}/unread").json()["count"] == 1
    assert _ids(client.get(INBOX, {"box": "unread"})) == [second]
    times = {row["id"]: row["read_at"] for row in client.get(INBOX).json()["results"]}
    client.post(f"{INBOX}/{first}/read")
    assert {row["id"]: row["read_at"] for row in client.get(INBOX).json()["results"]} == times


def test_reading_all_leaves_what_came_after_the_last_one_seen(ada, client):
    say(ada)
    seen = say(ada)
    later = say(ada)

    answers = [client.post(f"{INBOX}/read-all", {"through": str(seen)}, format="json").json() for _ in range(2)]

    assert answers == [{"marked": 2}, {"marked": 0}]
    assert _ids(client.get(INBOX, {"box": "unread"})) == [later]
    assert client.post(f"{INBOX}/read-all", {}, format="json").json() == {"marked": 1}
    assert client.get(f"{INBOX}/unread").json()["count"] == 0


def test_the_archive_takes_and_gives_back(ada, client):
    kept, put_away = say(ada), say(ada)

    assert [client.post(f"{INBOX}/{put_away}/archive").status_code for _ in range(2)] == [204, 204]

    assert _ids(client.get(INBOX)) == [kept]
    archived = client.get(INBOX, {"box": "archive"}).json()["results"]
    assert [UUID(row["id"]) for row in archived] == [put_away]
    assert archived[0]["archived_at"] is not None
    assert archived[0]["read_at"] is not None
    assert client.get(f"{INBOX}/unread").json()["count"] == 1

    assert [client.delete(f"{INBOX}/{put_away}/archive").status_code for _ in range(2)] == [204, 204]
    assert _ids(client.get(INBOX)) == [put_away, kept]


def test_the_badge_counts_no_further_than_it_shows(ada, client):
    row = {"user_id": ada.pk, "kind": SHARED, "sealed_context": "", "in_app": True}
    with acting_as(ada.pk):
        Notification.objects.bulk_create(Notification(**row) for _ in range(100))

    assert client.get(f"{INBOX}/unread").json() == {"count": 99, "is_more": True}


def test_pages_neither_skip_nor_repeat_while_more_is_said(ada, client):
    said = [say(ada) for _ in range(7)]
    said.reverse()

    first = client.get(INBOX, {"page_size": 3})
    say(ada)
    say(ada)
    second = client.get(first.json()["next"])
    third = client.get(second.json()["next"])

    assert [_ids(first), _ids(second), _ids(third)] == [said[:3], said[3:6], said[6:]]
    assert third.json()["next"] is None
    back = client.get(third.json()["previous"])
    assert _ids(back) == said[3:6]


def test_going_back_from_the_second_page_finds_what_came_meanwhile(ada, client):
    said = [say(ada) for _ in range(4)]
    first = client.get(INBOX, {"page_size": 2})
    late = say(ada)

    second = client.get(first.json()["next"])
    back = client.get(second.json()["previous"])

    assert _ids(back) == [said[3], said[2]]
    assert _ids(client.get(back.json()["previous"])) == [late]


def test_a_page_that_became_empty_is_the_end(ada, client):
    say(ada)
    last = say(ada)
    first = client.get(INBOX, {"page_size": 1})
    (older,) = _ids(client.get(first.json()["next"]))
    client.post(f"{INBOX}/{older}/archive")

    assert client.get(first.json()["next"]).json() == {"next": None, "previous": None, "results": []}
    assert _ids(client.get(INBOX)) == [last]


@pytest.mark.parametrize("cursor", ["x", "Zm9v", "🙂", "ZjAwMA==", "a" * 3000])
def test_a_cursor_not_of_ours_is_refused(client, cursor):
    answer = client.get(INBOX, {"cursor": cursor})

    assert (answer.status_code, answer.json()["code"]) == (400, "core.invalid_cursor")
    assert answer.json()["errors"][0]["pointer"] == "/cursor"


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ({"page_size": "0"}, "/page_size"),
        ({"page_size": "101"}, "/page_size"),
        ({"page_size": "-1"}, "/page_size"),
        ({"page_size": "²"}, "/page_size"),
        ({"box": "trash"}, "/box"),
    ],
)
def test_names_the_faulty_part_of_the_question(client, query, pointer):
    answer = client.get(INBOX, query)

    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, pointer)


def test_a_page_takes_a_fixed_number_of_queries(ada):
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            list_inbox(user_id=ada.pk, box=Box.INBOX, cursor=Cursor())
        return len(queries)

    say(ada)
    alone = count()
    for _ in range(10):
        say(ada)
        say(ada, SECURITY)

    assert count() == alone


def test_the_list_is_found_by_an_index_that_begins_with_the_person(ada):
    with acting_as(ada.pk), connection.cursor() as cursor:
        for other_way in ("seqscan", "bitmapscan", "sort"):  # the statistics of so few rows may favor any
            cursor.execute(f"SET LOCAL enable_{other_way} = off")
        plans = {box: inbox_rows(ada.pk, box).order_by("-public_id")[:51].explain() for box in Box}

    assert "notifications_inbox" in plans[Box.INBOX]
    assert "notifications_inbox_unread" in plans[Box.UNREAD]
    assert "notifications_inbox_archive" in plans[Box.ARCHIVE]
    assert not any("Sort" in plan for plan in plans.values())
