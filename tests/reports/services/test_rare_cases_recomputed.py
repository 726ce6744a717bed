"""Rare cases by the hundred against the recomputation: case 8, split payers, summaries, gaps, refunds, currencies."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from apps.reports.services.rebuild_ledger import rebuild_ledger
from tests.reports.comparing import differences, ours, theirs
from tests.reports.mirror import SYNCED, fill_mirror
from tests.reports.recompute import Books, Viewer
from tests.reports.recompute.walls import is_kept_from
from tests.reports.wild import WildFirm

TODAY = date(2025, 7, 15)
PERIODS = [(date(2024, 1, 1), TODAY), (date(2024, 8, 5), date(2024, 11, 20)), (date(2025, 3, 1), date(2025, 3, 31))]
VIEWERS = [
    Viewer(),
    Viewer("self", me=12),
    Viewer("self", me=14),
    Viewer("subset", grants=[{"people": [11, 13]}]),
    Viewer("subset", me=11, grants=[{"areas": [21], "people": [11, 12]}, {"groups": [61]}]),
    Viewer("subset", grants=[{"clients": [31, 33]}]),
    Viewer("subset", me=14, grants=[{"areas": [21]}, {"people": [11, 12, 14]}, {"groups": [61, 62, 63, 64, 65]}]),
]


def test_the_generated_firms_have_walls_with_people_on_both_sides() -> None:
    sides = set()
    for seed in range(6):
        books = Books(WildFirm(seed, bills=1).records, currency="USD", zone="UTC")
        for matter in books.matters.values():
            is_grouped, kept = matter["group"] is not None, {each: is_kept_from(matter, each) for each in (11, 12, 14)}
            sides.add((is_grouped, *kept.values()))

    assert {(False, False, False, False), (True, False, False, False), (True, False, False, True)} <= sides
    assert {(True, True, True, False), (True, True, True, True)} <= sides


@pytest.mark.django_db
@pytest.mark.generated(0, 6)
def test_overview_equals_the_recomputation(cast: Any, seed: int) -> None:
    records = WildFirm(seed).records
    fill_mirror(cast.firm.firm_id, records)
    rebuild_ledger(firm_id=cast.firm.firm_id, now=datetime(2025, 7, 15, tzinfo=UTC))
    books = Books(records, currency="USD", zone="UTC", first_synced=SYNCED)

    for viewer in VIEWERS:
        for first, last in PERIODS:
            mine, other = ours(cast.firm.firm_id, first, last, TODAY, viewer), theirs(books, first, last, TODAY, viewer)
            assert differences(mine, other) == {}, viewer
