"""Say what the values of a dimension are called, single records of money too, as their reader may know it."""

from collections.abc import Iterable

from apps.core.scope import Scope
from apps.reports.contracts import Dimension, KeyValue, Period
from apps.reports.queries.labels import label_keys
from apps.reports.queries.record_words import CODES, SUBJECTS, RecordWords, read_code_uses, read_record_words

_MOST_NAMED = 3


def name_keys(
    *,
    scope: Scope,
    dimension: Dimension,
    keys: Iterable[KeyValue],
    tells_people: bool,
    period: Period | None = None,
) -> dict[KeyValue, str]:
    """Return the names of a dimension's values; what has none is named by its id.

    An allocation is told by its kind, day and bill, a trust transaction by its kind, day and matter, a code by its id
    and the firm's categories that carry it. period: where they
    are looked for first. tells_people: as in `label_keys`; clients' names are stood in for as there.
    """
    wanted = [key for key in keys if key is not None]
    named = label_keys(scope=scope, dimension=dimension, keys=wanted, tells_people=tells_people)
    if dimension in SUBJECTS:
        return named | _of_records(scope, dimension, wanted, period)
    if dimension in CODES:
        return named | _of_codes(scope, dimension, wanted)
    if dimension is Dimension.BILL:
        return {key: f"Bill {key}" if name == str(key) else name for key, name in named.items()}
    return named


def _of_records(
    scope: Scope, dimension: Dimension, keys: Iterable[KeyValue], period: Period | None
) -> dict[KeyValue, str]:
    ids = [key for key in keys if isinstance(key, int)]
    span = {"first": period.starts_on, "last": period.ends_on} if period else {}
    found = read_record_words(scope=scope, dimension=dimension, ids=ids, **span)
    subject = SUBJECTS[dimension]
    subjects = label_keys(
        scope=scope, dimension=subject, keys={each.subject for each in found.values()}, tells_people=False
    )
    return {key: _told(words, "bill " if subject is Dimension.BILL else "", subjects) for key, words in found.items()}


def _of_codes(scope: Scope, dimension: Dimension, keys: Iterable[KeyValue]) -> dict[KeyValue, str]:
    ids = [key for key in keys if isinstance(key, int)]
    uses = read_code_uses(scope=scope, dimension=dimension, ids=ids)
    what = "Task code" if dimension is Dimension.UTBMS_TASK else "Activity code"
    return {key: f"{what} {key}: {_listed(uses[key])}" if key in uses else f"{what} {key}" for key in ids}


def _listed(names: list[str]) -> str:
    more = len(names) - _MOST_NAMED
    return f"{', '.join(names[:_MOST_NAMED])}{f' and {more} more' if more > 0 else ''}"


def _told(words: RecordWords, before: str, subjects: dict[KeyValue, str]) -> str:
    """Return a record in one line: `Payment 2025-03-24, bill 1023`."""
    day = f" {words.day}" if words.day else ""
    name = subjects.get(words.subject, "")
    # What stands for a hidden number says itself that it is a bill.
    subject = f", {'' if name.lower().startswith(before) and before else before}{name}" if name else ""
    return f"{words.kind}{day}{subject}"
