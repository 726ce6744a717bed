"""What measures ask of rows: which ones none of them looks at, and what a single row gives to each."""

import re
from collections.abc import Mapping, Sequence

from apps.reports.contracts import Measure

_AGGREGATE = re.compile(r"\b(?:sum|count|min|max|bool_or|bool_and|avg|percentile_cont|mode)\(")
_FILTER = "FILTER (WHERE "
_WORD = r"'[^']*'"
_SUM = re.compile(r"coalesce\(sum\(([^()]*(?:\([^()]*\)[^()]*)*)\)(?: FILTER \(WHERE (.*)\))?, 0\)")
_DIFFERENT = re.compile(r"count\(DISTINCT (r\.\w+)\)")
_PLAIN = re.compile(rf"r\.(\w+) (?:(?:=|<>) {_WORD}|IN \({_WORD}(?:, {_WORD})*\))")


def shared_conditions(kinds: Mapping[str, str], measures: Sequence[Measure]) -> list[str]:
    """Return the conditions on kinds, columns of the rows as they are, that every measure puts to its rows."""
    found = [_conditions(measure.expression) for measure in measures]
    shared = [each for each in found[0] if all(each in others for others in found)] if found else []
    named = [(each, _PLAIN.fullmatch(each)) for each in shared]
    return [each for each, match in named if match and kinds.get(match[1]) == f"r.{match[1]}"]


def _conditions(expression: str) -> list[str]:
    """Return what the one aggregate of a measure asks of its rows, all of which must hold."""
    if len(_AGGREGATE.findall(expression)) != 1 or expression.count(_FILTER) != 1:
        return []
    parts, depth, start = [], 0, 0
    body = expression.partition(_FILTER)[2]
    for place, letter in enumerate(body):
        if depth == 0 and body.startswith(" OR ", place):
            return []
        if depth == 0 and (letter == ")" or body.startswith(" AND ", place)):
            parts.append(body[start:place])
            start = place + len(" AND ")
        if depth == 0 and letter == ")":
            return parts
        depth += (letter == "(") - (letter == ")")
    return []


def of_single_row(measure: Measure) -> str:
    """Return the SQL of a measure over one row of its own, or nothing where it is more than a sum or a count."""
    if found := _DIFFERENT.fullmatch(measure.expression):
        return f"CASE WHEN {found[1]} IS NULL THEN 0 ELSE 1 END"
    if len(_AGGREGATE.findall(measure.expression)) != 1 or not (found := _SUM.fullmatch(measure.expression)):
        return ""
    return f"coalesce(CASE WHEN {found[2]} THEN {found[1]} END, 0)" if found[2] else f"coalesce({found[1]}, 0)"
