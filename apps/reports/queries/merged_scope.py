"""A scope as the ledger has it, where users of Clio, or practice areas, stand under another one (cases 21 and 36)."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import timedelta

from django.db import connection

from apps.core.scope import Grant, Scope
from apps.reports.errors import MergeUnderWay
from apps.reports.models import LedgerState, SettingsVersion
from apps.reports.queries.kept import ledger_settings_version
from apps.reports.rules.kept_tables import MERGES

_LONGEST_BUILD = timedelta(hours=1)

_MERGED = """
SELECT 'timekeeper', timekeeper_id, main_timekeeper_id FROM reports_merged_timekeeper WHERE firm_id = %(firm)s
UNION ALL
SELECT 'practice_area', practice_area_id, main_practice_area_id FROM reports_merged_practice_area
WHERE firm_id = %(firm)s
"""


def as_merged(scope: Scope) -> Scope:
    """Return the scope by the people and practice areas that rows stand under; call it inside the firm's transaction.

    Who was merged is the person now, and what was kept before under any of the person's users stays theirs. A grant of
    one of two areas that became one grants the one. Raises MergeUnderWay for who sees a part of the firm while the
    ledger is still made with other merges: its rows stand under others than the scope then, for a moment.
    """
    if scope.is_whole_firm and scope.clio_user_id is None:
        return scope
    if not scope.is_whole_firm and _is_under_way(scope.firm_id):
        raise MergeUnderWay
    with connection.cursor() as cursor:
        cursor.execute(_MERGED, {"firm": scope.firm_id})
        found = cursor.fetchall()
    if not found:
        return scope
    people = {own: main for kind, own, main in found if kind == "timekeeper"}
    areas = {own: main for kind, own, main in found if kind == "practice_area"}
    me = scope.clio_user_id
    grants = tuple(_with_all(grant, people, areas) for grant in scope.grants)
    if me is None:
        return replace(scope, grants=grants)
    mine, *others = _all_of([me], people)
    return replace(scope, clio_user_id=mine, same_person_ids=tuple(others), grants=grants)


def _is_under_way(firm_id: int) -> bool:
    """Tell whether merges changed and the ledger is not made with them yet.

    Other settings it is made with change too: a build that ended long after the merges changed was made with them.
    """
    state = LedgerState.objects.filter(firm_id=firm_id, generation__gt=0).first()
    if state is None:
        return False
    subjects = [table.name for table in MERGES]
    changed = SettingsVersion.objects.filter(
        firm_id=firm_id, subject__in=subjects, changed_at__gt=state.built_at - _LONGEST_BUILD
    )
    return changed.exists() and state.settings_version != ledger_settings_version(firm_id=firm_id)


def _with_all(grant: Grant, people: Mapping[int, int], areas: Mapping[int, int]) -> Grant:
    return replace(
        grant,
        timekeeper_ids=_all_of(grant.timekeeper_ids, people),
        practice_area_ids=_all_of(grant.practice_area_ids, areas),
    )


def _all_of(ids: Iterable[int], main_of: Mapping[int, int]) -> tuple[int, ...]:
    """Return under whom each stands, each of them followed by all that stand under it."""
    mains = dict.fromkeys(main_of.get(each, each) for each in ids)
    return tuple(dict.fromkeys(each for main in mains for each in (main, *_under(main, main_of))))


def _under(main: int, main_of: Mapping[int, int]) -> list[int]:
    return sorted(own for own, its_main in main_of.items() if its_main == main)
