"""What a converted answer needs: the firm's own rates, and what of its rows they leave out (R11)."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from apps.core.scope import Scope
from apps.reports.contracts import Measure, QualityFlag, Source
from apps.reports.contracts.conversion import AskedCurrency, Conversion
from apps.reports.errors import QuestionNotUnderstood
from apps.reports.queries.exchange_rates import list_kept_rates
from apps.reports.queries.sources.reading import Reading
from apps.reports.queries.unrated_rows import Unrated, list_unrated
from apps.reports.services.find_standing import Standing

MISSING_RATE = "missing_exchange_rate"
_MOST_SPANS = 3


def find_conversion(*, scope: Scope, standing: Standing, asked: AskedCurrency) -> Conversion | None:
    """Return the conversion a question asks for, None where it asks for none; call it inside the firm's transaction.

    Raises QuestionNotUnderstood where the firm keeps no rate at all of another currency in the one asked for, though it
    has money in others; who sees a part of it is not told that, and refused any currency but the firm's own.
    """
    if not asked.is_converted:
        return None
    rates = list_kept_rates(scope=scope, into=asked.code, until=standing.period.today)
    if not rates and _has_others(scope, standing, asked.code):
        detail = (
            f"The firm keeps no exchange rates in {asked.code}. Add what its currencies are worth in {asked.code} to "
            f"the table exchange-rates (quote_currency {asked.code}), or ask for one currency."
        )
        raise QuestionNotUnderstood("currency", detail, "no_exchange_rates")
    return Conversion(asked.code, rates)


def _has_others(scope: Scope, standing: Standing, code: str) -> bool:
    if not scope.is_whole_firm:
        return code != standing.profile.currency
    return standing.ledger is not None and any(each != code for each in standing.ledger.currencies)


def find_unrated(readings: Iterable[Reading], needed: Mapping[Source, Sequence[Measure]]) -> list[Unrated]:
    """Return the days on which sums of converting readings lack rows for want of a rate, each once."""
    found = [each for reading in readings if reading.converting for each in list_unrated(reading, needed)]
    return list(dict.fromkeys(each for each in found if each.measures))


def unrated_flags(unrated: Iterable[Unrated], into: str) -> list[QualityFlag]:
    """Return a flag for each pair that lacks rates, which names the days. count: of those days."""
    days: dict[str, set[date | None]] = {}
    for each in unrated:
        days.setdefault(each.currency, set()).add(each.day)
    return [
        QualityFlag(MISSING_RATE, len(found), _sentence(currency, into, sorted(filter(None, found))))
        for currency, found in sorted(days.items())
    ]


def _sentence(currency: str, into: str, days: Sequence[date]) -> str:
    spans = list(_spans(days))
    named = [f"{first}" if first == last else f"{first} to {last}" for first, last in spans[:_MOST_SPANS]]
    more = f" and {len(days)} days in all, up to {days[-1]}" if len(spans) > _MOST_SPANS else ""
    of_days = f"{', '.join(named)}{more}" if named else "rows without a date"
    return f"No exchange rate of {currency} in {into} is kept for {of_days}: these figures lack the rows of then."


def _spans(days: Sequence[date]) -> Iterable[tuple[date, date]]:
    """Yield first and last of days in a row."""
    first = None
    for place, day in enumerate(days):
        first = first or day
        if place + 1 == len(days) or days[place + 1] != day + timedelta(days=1):
            yield first, day
            first = None
