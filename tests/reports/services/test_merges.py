"""Users of Clio who are one person, and practice areas that are one, stand under the main one (cases 21 and 36)."""

import copy
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from apps.accounts.errors import TargetOfMergedUser
from apps.accounts.models import TargetHours
from apps.accounts.services.set_target_hours import set_target_hours
from apps.core.scope import Grant, Scope, ScopeKind
from apps.core.tenancy import tenant
from apps.reports.errors import KeptRowsNotValid
from apps.reports.models import MergedTimekeeper
from apps.reports.queries.merged_scope import as_merged
from apps.reports.rules import kept_tables
from apps.reports.services.rebuild_ledger import rebuild_ledger
from apps.reports.services.save_kept_rows import save_rows
from tests.reports.asking import Items, ask, rows_of, total_of
from tests.reports.changing import ChangingFirm
from tests.reports.comparing import differences
from tests.reports.conftest import NOON, golden
from tests.reports.keeping import keep
from tests.reports.services.test_rebuild_by_parts import built_whole, contents
from tests.reports.services.test_work_and_cash_recomputed import build_wild
from tests.reports.wild import WildFirm

pytestmark = pytest.mark.django_db
D = Decimal
MARCH = date(2025, 3, 31)
ADA, BEN, BEN_AGAIN = 101, 102, 103
LITIGATION, DISPUTES = 401, 402
Records = dict[str, list[dict[str, Any]]]


@pytest.fixture
def records() -> Records:
    """Golden March, where Ben left on the day of his last entry, and came back on the 17th as another user."""
    found = copy.deepcopy(golden("march"))
    ben, entry = found["users"][1], found["activities"][6]
    ben["enabled"] = False
    found["users"].append({**ben, "id": BEN_AGAIN, "enabled": True, "created_at": "2025-03-17T09:00:00-04:00"})
    found["activities"].append({**entry, "id": 1008, "date": "2025-03-18", "user": {"id": BEN_AGAIN}})
    return found


def merge_ben(cast: Any) -> None:
    keep(cast, kept_tables.MERGED_TIMEKEEPERS, {"timekeeper_id": BEN, "main_timekeeper_id": BEN_AGAIN})
    assert rebuild_ledger(firm_id=cast.firm.firm_id, now=NOON).is_whole


def by(cast: Any, dimension: str, metric: str) -> dict[Any, Items]:
    return rows_of(ask(cast.firm.firm_id, metric, period="2025-03", on=MARCH, dimensions=(dimension,)), metric)


def test_case_21_a_person_hired_again_is_one_timekeeper(cast: Any, build: Callable[..., Any], records: Records) -> None:
    build(records)
    assert set(by(cast, "timekeeper", "recorded_hours")) == {ADA, BEN, BEN_AGAIN}

    merge_ben(cast)

    hours, billed = by(cast, "timekeeper", "recorded_hours"), by(cast, "timekeeper", "billed")
    assert {person: items["no_charge"] for person, items in hours.items()} == {ADA: D(0), BEN_AGAIN: D("4.00")}
    assert billed[BEN_AGAIN]["fees"] == D("600.00")
    assert by(cast, "timekeeper", "collected")[BEN_AGAIN]["fees"] == D("300.00")


def test_case_21_days_off_between_two_employments_are_no_capacity(
    cast: Any, build: Callable[..., Any], records: Records
) -> None:
    build(records)

    merge_ben(cast)

    # From the 3rd to the 10th 6 days, from the 17th to the 31st 11.
    assert by(cast, "timekeeper", "available_hours")[BEN_AGAIN] == {"total": D("136.00")}


def test_case_21_two_accounts_at_once_work_one_day_a_day(
    cast: Any, build: Callable[..., Any], records: Records
) -> None:
    records["users"][1]["enabled"] = True
    build(records)
    assert by(cast, "timekeeper", "available_hours")[BEN] == {"total": D("168.00")}

    merge_ben(cast)

    assert by(cast, "timekeeper", "available_hours")[BEN_AGAIN] == {"total": D("168.00")}
    assert BEN not in by(cast, "timekeeper", "available_hours")


def test_a_merge_taken_back_leaves_no_trace(cast: Any, build: Callable[..., Any], records: Records) -> None:
    build(records)
    before = by(cast, "timekeeper", "recorded_hours"), by(cast, "timekeeper", "available_hours")
    merge_ben(cast)

    save_rows(
        firm_id=cast.firm.firm_id,
        actor_id=cast.owner.pk,
        table=kept_tables.MERGED_TIMEKEEPERS,
        rows=(),
        removed_ids=[merge_id(cast)],
        if_version=None,
        now=NOON,
    )
    rebuild_ledger(firm_id=cast.firm.firm_id, now=NOON)

    assert (by(cast, "timekeeper", "recorded_hours"), by(cast, "timekeeper", "available_hours")) == before


def merge_id(cast: Any) -> int:
    with tenant(cast.firm.firm_id):
        return MergedTimekeeper.objects.get().pk


def test_case_36_a_practice_area_joined_to_another_takes_its_matters(
    cast: Any, build: Callable[..., Any], records: Records
) -> None:
    records["practice_areas"].append({**records["practice_areas"][0], "id": DISPUTES, "name": "Disputes"})
    records["matters"][1]["practice_area"] = {"id": DISPUTES}
    build(records)
    assert by(cast, "practice_area", "recorded_hours")[DISPUTES]["billable"] == D("5.00")

    keep(
        cast,
        kept_tables.MERGED_PRACTICE_AREAS,
        {"practice_area_id": DISPUTES, "main_practice_area_id": LITIGATION},
    )
    rebuild_ledger(firm_id=cast.firm.firm_id, now=NOON)

    hours = by(cast, "practice_area", "recorded_hours")
    assert {area: items["billable"] for area, items in hours.items() if area} == {LITIGATION: D("11.00")}


def test_case_21_a_member_by_the_user_who_was_merged_sees_the_persons_rows(
    cast: Any, build: Callable[..., Any], records: Records
) -> None:
    build(records)
    merge_ben(cast)
    own = Scope(cast.firm.firm_id, ScopeKind.SELF, BEN)
    granted = Scope(cast.firm.firm_id, ScopeKind.SUBSET, grants=(Grant(timekeeper_ids=(BEN,)),))

    for scope in (own, granted):
        with tenant(cast.firm.firm_id):
            seen = as_merged(scope)
        answer = ask(cast.firm.firm_id, "recorded_hours", period="2025-02-01..2025-03-31", on=MARCH, scope=seen)
        assert total_of(answer, "recorded_hours")["total"] == D("8.00")


@pytest.mark.parametrize(
    ("table", "row", "fault"),
    [
        ("merged_timekeepers", {"timekeeper_id": BEN, "main_timekeeper_id": BEN}, "same"),
        ("merged_timekeepers", {"timekeeper_id": BEN_AGAIN, "main_timekeeper_id": BEN}, "merged_itself"),
        ("merged_timekeepers", {"timekeeper_id": ADA, "main_timekeeper_id": BEN_AGAIN}, "keeps_rows"),
        ("merged_timekeepers", {"timekeeper_id": 999, "main_timekeeper_id": BEN_AGAIN}, "unknown_id"),
        ("leaves", {"timekeeper_id": BEN, "starts_on": "2025-03-03", "ends_on": "2025-03-04"}, "merged"),
    ],
)
def test_a_merge_that_would_be_ambiguous_is_refused(
    cast: Any, build: Callable[..., Any], records: Records, table: str, row: dict[str, Any], fault: str
) -> None:
    build(records)
    merge_ben(cast)
    keep(cast, kept_tables.LEAVES, {"timekeeper_id": ADA, "starts_on": "2025-03-03", "ends_on": "2025-03-04"})

    with pytest.raises(KeptRowsNotValid) as refused:
        keep(cast, kept_tables.BY_NAME[table], row)

    assert {each.code for each in refused.value.faults} == {fault}


def test_target_hours_of_a_merged_user_are_refused_by_name(
    cast: Any, build: Callable[..., Any], records: Records
) -> None:
    build(records)
    merge_ben(cast)
    who: dict[str, Any] = {"firm_id": cast.firm.firm_id, "actor_id": cast.owner.pk, "now": NOON}
    start = date(2025, 3, 1)

    with pytest.raises(TargetOfMergedUser) as refused:
        set_target_hours(**who, timekeeper_id=BEN, starts_on=start, monthly_hours=D(100))

    (fault,) = refused.value.faults
    assert (fault.pointer, fault.code) == ("/timekeeper_id", "merged")
    assert str(BEN_AGAIN) in fault.detail
    assert records["users"][1]["name"] in fault.detail
    with tenant(cast.firm.firm_id):
        assert not TargetHours.objects.exists()
    set_target_hours(**who, timekeeper_id=BEN_AGAIN, starts_on=start, monthly_hours=D(100))
    set_target_hours(**who, timekeeper_id=BEN, starts_on=start, monthly_hours=D(0))


def test_parts_built_under_merges_equal_the_whole(cast: Any) -> None:
    firm, now = ChangingFirm(cast.firm, seed=7), NOON
    firm_id = cast.firm.firm_id
    rebuild_ledger(firm_id=firm_id, now=now)
    own, main = (user["id"] for user in firm.records["users"][:2])
    keep(cast, kept_tables.MERGED_TIMEKEEPERS, {"timekeeper_id": own, "main_timekeeper_id": main})
    assert rebuild_ledger(firm_id=firm_id, now=now).is_whole

    for days in (0, 1, 20, 1, 1):
        firm.change(15)
        now += timedelta(days=days)
        firm.work_on(now.date())
        assert not rebuild_ledger(firm_id=firm_id, now=now).is_whole
        by_parts = contents(firm_id)
        assert differences(by_parts, built_whole(firm_id, now)) == {}
    assert {row["timekeeper_id"] for row in by_parts["reports_time"]} & {own, main} == {main}


def test_a_person_merged_has_what_both_had(cast: Any) -> None:
    build_wild(cast, seed=33)
    own, main = (user["id"] for user in WildFirm(33).records["users"][:2])
    metrics = (("recorded_hours", "total"), ("billed", "fees"), ("collected", "fees"), ("unbilled", "fees"))
    before = {metric: _over(cast, metric, item) for metric, item in metrics}

    keep(cast, kept_tables.MERGED_TIMEKEEPERS, {"timekeeper_id": own, "main_timekeeper_id": main})
    rebuild_ledger(firm_id=cast.firm.firm_id, now=NOON)

    for metric, item in metrics:
        merged = before[metric].copy()
        merged[main] = merged.pop(own, D(0)) + merged.get(main, D(0))
        assert _over(cast, metric, item) == {person: value for person, value in merged.items() if value}, metric


def _over(cast: Any, metric: str, item: str) -> dict[Any, Decimal]:
    answer = ask(cast.firm.firm_id, metric, period="2024-01-01..2025-03-31", on=MARCH, dimensions=("timekeeper",))
    found = {key: items[item] for key, items in rows_of(answer, metric).items()}
    return {key: value for key, value in found.items() if value}
