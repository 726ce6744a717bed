"""R13: which rows a measure would have added up, had Clio not hidden what they come to.

Nobody declares them for a metric: they follow from the sources and the columns its measures look at.
"""

import re
import zlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache

from apps.reports.contracts import Measure, Source

_HIDDEN = "r.is_hidden"
_HOURS = {"seconds": _HIDDEN, "late_seconds": _HIDDEN, "dated_seconds": _HIDDEN}
_WORTH = {"value": _HIDDEN, "billed_value": _HIDDEN, "standard": "NOT r.is_priced"}
_VALUE = {"value": _HIDDEN}
_LINES = dict.fromkeys(("worked", "written_down", "waited_for", "worth_days"), _HIDDEN)
_COST = {"cost": "r.is_uncosted", "seconds": "r.is_uncosted"}
# The columns of a source that may hide something, and how a row tells that it does. Every such source counts what it
# added up in `entries`.
HIDES: Mapping[Source, Mapping[str, str]] = {
    Source.TIME: _HOURS,
    Source.TIME_TO_DATE: _HOURS,
    Source.CAPACITY: _HOURS,
    Source.UNTRACKED: _HOURS,
    Source.TARGET_HOURS: _HOURS,
    Source.RANKED: _HOURS,
    Source.PLAN_TIME: _HOURS,
    Source.PLANNED_TIME: _HOURS,
    Source.PLAN_BILLED: _LINES,
    Source.PLANNED_BILLED: _LINES,
    Source.COSTED: _COST,
    Source.COSTED_TO_DATE: _COST,
    Source.WORKED: _WORTH,
    Source.MATTERS_WORKED: _WORTH,
    Source.MATTERS_WORKED_TO_DATE: _WORTH,
    Source.BILLED: _LINES,
    Source.MATTERS_BILLED: _LINES,
    Source.MATTERS_BILLED_TO_DATE: _LINES,
    Source.UNBILLED: {"value": "r.value IS NULL", "seconds": "r.hides_hours"},
    Source.WIP_LEFT: _VALUE,
    Source.EXPENSES: _VALUE,
    Source.MATTERS_SPENT: _VALUE,
    Source.MATTERS_SPENT_TO_DATE: _VALUE,
    Source.BUDGET_USED: _VALUE,
    Source.BUDGET_BURN: _VALUE,
    Source.BUDGET_BY_MATTER: {"used": _HIDDEN},
    Source.TRUST_BY_MATTER: {"unbilled": _HIDDEN},
}
# Conditions by which a measure leaves hidden rows out on its own.
_GUARDS = {"NOT r.is_hidden": _HIDDEN, "r.is_priced": "NOT r.is_priced", "NOT r.is_uncosted": "r.is_uncosted"}
_FILTER = "FILTER (WHERE "


def hidden_measures(measures: Iterable[Measure]) -> tuple[Measure, ...]:
    """Return what counts the rows that measures should have added up but could not, one for each source."""
    conditions: dict[Source, set[str]] = defaultdict(set)
    for measure in measures:
        conditions[measure.source] |= _conditions(measure.source, measure.expression)
    return tuple(_counting(source, _weakest(found)) for source, found in conditions.items() if found)


def _weakest(conditions: set[str]) -> list[str]:
    """Return the conditions without those that another of them holds whenever they do."""
    bare = {each for each in conditions if not each.startswith("(")}
    return sorted(bare | {each for each in conditions - bare if not any(each.startswith(f"({mark} ") for mark in bare)})


def _counting(source: Source, conditions: list[str]) -> Measure:
    condition = " OR ".join(conditions)
    plain = condition in _GUARDS.values()
    key = f"hidden_{source}" if plain else f"hidden_{source}_{zlib.crc32(condition.encode()):08x}"
    return Measure(key, source, f"coalesce(sum(r.entries) FILTER (WHERE {condition}), 0)")


@cache
def _conditions(source: Source, expression: str) -> frozenset[str]:
    """Return the conditions of the rows of a source that an expression over it cannot count."""
    admitted = _filter_of(expression).split(" AND ")
    marks = {_GUARDS[each] for each in admitted if each in _GUARDS and source in HIDES}
    if not marks:
        named = re.findall(r"\br\.(\w+)", expression)
        marks = {mark for column, mark in HIDES.get(source, {}).items() if column in named}
    rest = " AND ".join(each for each in admitted if each not in ("", "true") and each not in _GUARDS)
    return frozenset(f"({mark} AND {rest})" if rest else mark for mark in marks)


def _filter_of(expression: str) -> str:
    """Return the condition of an aggregate's rows, empty if it takes all; measures have one aggregate."""
    _, found, tail = expression.partition(_FILTER)
    depth = 1 if found else 0
    for place, letter in enumerate(tail):
        depth += (letter == "(") - (letter == ")")
        if depth == 0:
            return tail[:place]
    return ""
