"""Whether figures may be told apart by person: what a firm says of its leaderboard holds for every question by person.

Decision 60 says what that covers, and what it leaves to scopes.
"""

from collections.abc import Collection

from apps.core.access import Extra
from apps.core.scope import Scope, ScopeKind
from apps.reports.contracts import Dimension, Filters, Query
from apps.reports.contracts.explanation import RowKind
from apps.reports.contracts.kept import FirmRules, LeaderboardNames
from apps.reports.errors import PeopleNotCompared
from apps.reports.queries.people import count_fewest_of_a_role

_OF_PEOPLE = frozenset({RowKind.PERSON, RowKind.PERSON_MONTH, RowKind.PERSON_DAY})


def shows_colleagues(rules: FirmRules, permissions: Collection[Extra]) -> bool:
    """Tell whether a reader is shown colleagues' figures person by person, under their names or stand-ins."""
    return Extra.NAMES in permissions or rules.leaderboard_names is LeaderboardNames.SHOWN


def check_people(*, scope: Scope, query: Query, rules: FirmRules, permissions: Collection[Extra]) -> None:
    """Refuse a question by person, or about other persons, of somebody who is not shown colleagues.

    One's own figures, and those of work that is nobody's, may be asked for by a filter. A role that fewer than the
    firm's minimum of people have tells of one of them. Call it inside the firm's transaction. Raises PeopleNotCompared.
    """
    if shows_colleagues(rules, permissions):
        return
    named = query.filters.get(Dimension.TIMEKEEPER)
    if named is not None and set(named) <= {scope.clio_user_id, None}:
        return
    if named is not None:
        raise PeopleNotCompared("filter[timekeeper]")
    if Dimension.TIMEKEEPER in query.dimensions:
        raise PeopleNotCompared("dimensions")
    for field, asked in (("dimensions", query.dimensions), ("filter[role]", query.filters)):
        if Dimension.ROLE in asked and count_fewest_of_a_role(scope=scope) < rules.minimum_people:
            raise PeopleNotCompared(field)


def check_people_behind(
    *,
    scope: Scope,
    filters: Filters,
    kinds: Collection[RowKind | None],
    rules: FirmRules,
    permissions: Collection[Extra],
) -> None:
    """Refuse the rows behind a figure where each is a person's own figure, of a month or a day, for such a reader.

    Raises PeopleNotCompared.
    """
    if shows_colleagues(rules, permissions) or scope.kind is ScopeKind.SELF or not _OF_PEOPLE & {*kinds}:
        return
    named = filters.get(Dimension.TIMEKEEPER)
    if named is None or not set(named) <= {scope.clio_user_id, None}:
        raise PeopleNotCompared("item")


def own_row(*, scope: Scope, table: Collection[Dimension], rules: FirmRules, permissions: Collection[Extra]) -> Filters:
    """Return the filter that leaves a reader's own row of a table by person, if that is all they are shown.

    table: what it is grouped by.
    """
    if scope.clio_user_id is None or Dimension.TIMEKEEPER not in table or shows_colleagues(rules, permissions):
        return {}
    return {Dimension.TIMEKEEPER: (scope.clio_user_id,)}
