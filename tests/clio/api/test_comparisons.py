"""The history of comparisons with Clio, over the API and on a page."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from apps.clio.models import Reconciliation, Sweep
from apps.core.tenancy import tenant
from tests.accounts.entering import browser_of

pytestmark = pytest.mark.django_db


def address(firm: Any, number: object = "") -> str:
    return f"/api/v1/firms/{firm.public_id}/clio/comparisons" + (f"/{number}" if number else "")


def compare(firm: Any, *, days_ago: int, kind: str = "nightly", **found: dict[str, int]) -> Reconciliation:
    """Keep a comparison that found so much of each entity."""
    then = timezone.now() - timedelta(days=days_ago)
    with tenant(firm.firm_id):
        made = Reconciliation.objects.create(
            firm_id=firm.firm_id, kind=kind, state="done", started_at=then, finished_at=then, clio_user_since=then
        )
        for position, (entity, counts) in enumerate(found.items()):
            Sweep.objects.create(
                firm_id=firm.firm_id, reconciliation=made, position=position, entity=entity, is_whole=True,
                state="done", finished_at=then, **counts,
            )  # fmt: skip
    return made


def test_lists_comparisons_with_their_sums_the_youngest_first(cast, api):
    older = compare(cast.firm, days_ago=8, kind="weekly", bills={"known": 5}, tasks={"known": 2, "gone": 1})
    younger = compare(cast.firm, days_ago=1, activities={"known": 100, "stale": 4, "missed": 3, "mended": 4})
    compare(cast.strangers_firm, days_ago=1, bills={"known": 77})

    body = api(cast.owner).get(address(cast.firm)).json()

    assert (body["next"], body["previous"]) == (None, None)
    assert [(each["id"], each["kind"], each["known"], each["gone"]) for each in body["results"]] == [
        (younger.pk, "nightly", 100, 0),
        (older.pk, "weekly", 7, 1),
    ]
    assert body["results"][0]["missed"] == 3


def test_shows_one_kind_by_kind(cast, api):
    made = compare(cast.firm, days_ago=1, bills={"known": 5, "extra": 2}, tasks={"known": 2, "gone": 1})

    body = api(cast.owner).get(address(cast.firm, made.pk)).json()

    assert (body["known"], body["extra"], body["gone"]) == (7, 2, 1)
    assert [(each["entity"], each["known"], each["gone"]) for each in body["entities"]] == [
        ("bills", 5, 0),
        ("tasks", 2, 1),
    ]


def test_knows_only_the_firms_own(cast, api):
    theirs = compare(cast.strangers_firm, days_ago=1, bills={"known": 5})

    for number in (theirs.pk, 2**63, 987654321):
        answer = api(cast.owner).get(address(cast.firm, number))
        assert (answer.status_code, answer.json()["code"]) == (404, "clio.comparison_not_found")
    assert api(cast.stranger).get(address(cast.firm)).status_code == 404
    assert api(cast.colleague).get(address(cast.firm)).status_code == 403


def test_the_page_shows_the_same(cast):
    compare(cast.firm, days_ago=1, kind="weekly", bills={"known": 4321, "gone": 7})
    path = f"/firm/clio/comparisons?firm={cast.firm.public_id}"

    page = browser_of(cast.owner).get(path).content.decode()

    assert "everything" in page
    assert "4,321" in page
    assert browser_of(cast.colleague).get(path).status_code == 403
    assert (
        "There was none yet."
        in browser_of(cast.stranger)
        .get(f"/firm/clio/comparisons?firm={cast.strangers_firm.public_id}")
        .content.decode()
    )
