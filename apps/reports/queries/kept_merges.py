"""What a part reader may see of rows that were kept while people stood under one of them who no longer do.

Such rows stand under the main person whoever's they were, and nothing in them tells whose. They are for who sees the
whole firm, until the month is closed anew; nobody else is shown more than their own.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from apps.core.scope import Grant, Scope, ScopeKind
from apps.reports.models import MergedTimekeeper, PeriodClose, Snapshot

Pair = tuple[int, int]
"""Who stood under whom: Clio's ids of two users."""


def list_merges(*, firm_id: int) -> list[Pair]:
    """Return who stands under whom now, as it is kept with closes and snapshots."""
    found = MergedTimekeeper.objects.filter(firm_id=firm_id).order_by("timekeeper_id")
    return list(found.values_list("timekeeper_id", "main_timekeeper_id"))


def within_closes(scope: Scope, *, first: date, last: date) -> Scope:
    """Return the scope as it reaches into the closes that stand of months between two days."""
    if scope.kind is ScopeKind.WHOLE_FIRM:
        return scope
    closes = PeriodClose.objects.filter(firm_id=scope.firm_id, month__range=(first, last), reopened_at=None)
    return _without_parted(scope, closes.exclude(merged_people=[]).values_list("merged_people", flat=True))


def within_days(scope: Scope, *, first: date, last: date) -> Scope:
    """Return the scope as it reaches into the snapshots of days between two, both included."""
    if scope.kind is ScopeKind.WHOLE_FIRM:
        return scope
    days = Snapshot.objects.filter(firm_id=scope.firm_id, day__range=(first, last))
    return _without_parted(scope, days.exclude(merged_people=[]).values_list("merged_people", flat=True))


def _without_parted(scope: Scope, kept: Iterable[Iterable[Pair]]) -> Scope:
    """Return the scope without people under whom somebody stood then who is another person now."""
    then = {(own, main) for pairs in kept for own, main in pairs}
    if not then:
        return scope
    now = dict(list_merges(firm_id=scope.firm_id))
    parted = {main for own, main in then if _person(own, now) != _person(main, now)}
    return _without(scope, parted) if parted else scope


def _person(user: int, main_of: Mapping[int, int]) -> int:
    return main_of.get(user, user)


def _without(scope: Scope, parted: set[int]) -> Scope:
    mine = [each for each in (scope.clio_user_id, *scope.same_person_ids) if each is not None and each not in parted]
    grants = tuple(found for grant in scope.grants if (found := _narrowed(grant, parted)))
    if scope.kind is not ScopeKind.SELF:
        return replace(scope, grants=grants)
    return replace(scope, clio_user_id=mine[0] if mine else None, same_person_ids=tuple(mine[1:]), grants=grants)


def _narrowed(grant: Grant, parted: set[int]) -> Grant | None:
    """Return a grant of other people; of nobody else it is none: without people it would grant everybody's."""
    left = tuple(each for each in grant.timekeeper_ids if each not in parted)
    return None if grant.timekeeper_ids and not left else replace(grant, timekeeper_ids=left)
