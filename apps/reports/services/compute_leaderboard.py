"""Rank people by a metric, as one person may see it (kpis.md K47)."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from apps.core.access import Extra
from apps.core.scope import Scope, ScopeKind
from apps.reports.contracts import AnswerRow, Dimension, Filters, Order, Page, Query
from apps.reports.contracts.kept import FirmRules, LeaderboardNames
from apps.reports.contracts.leaderboard import Leaderboard, LeaderboardQuestion, LeaderboardRow
from apps.reports.errors import LeaderboardOff, QuestionNotUnderstood
from apps.reports.metrics.catalogue import BY_NAME, CATALOGUE
from apps.reports.metrics.declaration import Metric
from apps.reports.queries.kept import get_rules
from apps.reports.queries.people import count_timekeepers
from apps.reports.rules.ranking import places_of
from apps.reports.services.check_people import shows_colleagues
from apps.reports.services.compute_answer import compute_answer
from apps.reports.services.find_conversion import MISSING_RATE

RANKED_BY = {metric.name: metric for metric in CATALOGUE if metric.key in {"K1", "K3", "K4", "K8", "K10", "K15", "K37"}}
_HOURS = "recorded_hours"
_MOST_PEOPLE = 10_000


def compute_leaderboard(
    *, scope: Scope, question: LeaderboardQuestion, now: datetime, permissions: Collection[Extra]
) -> Leaderboard:
    """Return the people in scope by their place; call it inside the firm's read-only transaction.

    Who recorded less than the firm's minimum of hours has no place and stands behind. A reader who is not shown
    colleagues (`check_people`) sees their own row only, and its place only among the firm's minimum of people: a place
    among few, and the whole, tell the others'. Raises LeaderboardOff where the firm wants none or has one
    timekeeper; QuestionNotUnderstood, PeriodNotUnderstood, MetricNotPermitted.
    """
    metric, item = _chosen(question)
    rules = get_rules(firm_id=scope.firm_id)
    if rules.leaderboard_names is LeaderboardNames.OFF:
        raise LeaderboardOff("switched_off")
    query = Query(
        metrics=tuple(dict.fromkeys((metric.name, _HOURS))),
        period=question.period,
        dimensions=(Dimension.TIMEKEEPER,),
        filters=_own_row(scope),
        currency=question.currency,
        order=Order(f"{metric.name}.{item}"),
        page=Page(limit=_MOST_PEOPLE),
    )
    is_shown = shows_colleagues(rules, permissions)
    # Everybody is looked at to find one's own place; of the others nothing leaves.
    looking = permissions if is_shown else {*permissions, Extra.NAMES}
    answer = compute_answer(scope=scope, query=query, now=now, permissions=looking)
    if answer.status == "ready" and count_timekeepers(scope=scope) < 2:
        raise LeaderboardOff("too_few_people")
    people = _placed(answer.rows, f"{metric.name}.{item}", rules, scope.clio_user_id)
    ranked = sum(row.place is not None for row in people)
    board = Leaderboard(
        status=answer.status,
        scope=answer.scope,
        metric=metric.name,
        item=item,
        title=metric.title,
        unit=metric.items[item].unit,
        period=answer.period,
        currency=answer.currency,
        minimum_hours=rules.leaderboard_minimum_hours,
        is_incomplete=bool(answer.incomplete),
        conversion=answer.conversion,
        flags=tuple(flag for flag in answer.flags if flag.code == MISSING_RATE),
    )
    if not is_shown:
        own = tuple(row for row in people if row.is_reader)
        if ranked < rules.minimum_people:
            return replace(board, ranked=None, rows=tuple(replace(row, place=None) for row in own))
        return replace(board, ranked=ranked, rows=own)
    return replace(board, ranked=ranked, rows=_without_ids(people, permissions))


def _chosen(question: LeaderboardQuestion) -> tuple[Metric, str]:
    metric = RANKED_BY.get(question.metric)
    if metric is None:
        code = "not_ranked" if question.metric in BY_NAME else "unknown_metric"
        raise QuestionNotUnderstood("metric", f"People are ranked by one of {', '.join(RANKED_BY)}.", code)
    item = question.item or next(iter(metric.items))
    if item not in metric.items:
        raise QuestionNotUnderstood("item", f"{metric.title} has {', '.join(metric.items)}.", "unknown_item")
    return metric, item


def _own_row(scope: Scope) -> Filters:
    """Return the filter that keeps colleagues out of what is a person's own: matters show them, places do not."""
    return {Dimension.TIMEKEEPER: (scope.clio_user_id,)} if scope.kind is ScopeKind.SELF else {}


def _placed(rows: Sequence[AnswerRow], column: str, rules: FirmRules, reader: int | None) -> list[LeaderboardRow]:
    """Return the rows of people, those with a place first."""
    people = [row for row in rows if row.keys[0] is not None]
    values = [row.figures[column] if _hours(row) >= rules.leaderboard_minimum_hours else None for row in people]
    placed = [
        LeaderboardRow(
            timekeeper_id=int(row.keys[0] or 0),
            label=row.labels[0],
            value=row.figures[column],
            recorded_hours=_hours(row),
            place=place,
            is_reader=row.keys[0] == reader,
        )
        for row, place in zip(people, places_of(values), strict=True)
    ]
    return sorted(placed, key=lambda row: (row.place is None, row.place or 0, row.label))


def _without_ids(people: Sequence[LeaderboardRow], permissions: Collection[Extra]) -> tuple[LeaderboardRow, ...]:
    """Return the rows without the ids of those who are nameless: a ranking leads to no record."""
    if Extra.NAMES in permissions:
        return tuple(people)
    return tuple(row if row.is_reader else replace(row, timekeeper_id=None) for row in people)


def _hours(row: AnswerRow) -> Decimal:
    return row.figures[f"{_HOURS}.total"] or Decimal(0)
