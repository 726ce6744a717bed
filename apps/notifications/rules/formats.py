"""How values are shown to a reader: dates in their zone and order, money with its sign, plurals."""

from collections.abc import Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from apps.notifications.contracts import ContextValue, Reader
from apps.notifications.rules.forms import amount_of

# Signs of the currencies law firms on Clio bill in (its four regions); any other is named by its code.
_SIGNS = {"USD": "$", "CAD": "CA$", "AUD": "A$", "NZD": "NZ$", "GBP": "£", "EUR": "€"}


class CannotShow(ValueError):
    """A value has not the form a filter needs."""


def show_number(value: ContextValue, reader: Reader, argument: ContextValue | None) -> str:
    """12840 as 12,840."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise CannotShow(f"{type(value).__name__} is not a whole number")
    return f"{value:,}"


def show_day(value: ContextValue, reader: Reader, argument: ContextValue | None) -> str:
    """2026-03-03, or an instant's day in the reader's zone, as March 3, 2026 (or 3 March 2026)."""
    text = str(value)
    try:
        day = date.fromisoformat(text) if "T" not in text else _local(text, reader).date()
    except ValueError as error:
        raise CannotShow("not a day") from error
    return _day(day, reader)


def show_moment(value: ContextValue, reader: Reader, argument: ContextValue | None) -> str:
    """2026-03-03T21:15:00+00:00 as March 3, 2026, 4:15 PM EST, in the reader's zone."""
    moment = _local(str(value), reader)
    if reader.locale != "en-US":
        return f"{_day(moment.date(), reader)}, {moment:%H:%M} {_zone_name(moment)}"
    return f"{_day(moment.date(), reader)}, {moment.hour % 12 or 12}:{moment:%M %p} {_zone_name(moment)}"


def show_money(value: ContextValue, reader: Reader, argument: ContextValue | None) -> str:
    """1250.00 with the currency USD as $1,250.00; a negative one as -$1,250.00."""
    try:
        amount = amount_of(str(value))
    except ValueError as error:
        raise CannotShow("not an amount") from error
    if not isinstance(argument, str) or not argument:
        raise CannotShow("money needs its currency: amount|money:currency")
    sign = _SIGNS.get(argument.upper(), f"{argument.upper()} ")
    return f"{'-' if amount < 0 else ''}{sign}{abs(amount):,.2f}"


def show_plural(value: ContextValue, reader: Reader, argument: ContextValue | None) -> str:
    """The s of a plural: `{{ days }} day{{ days|s }}`."""
    return "" if value == 1 else "s"


Show = Callable[[ContextValue, Reader, ContextValue | None], str]
FILTERS: dict[str, Show] = {
    "number": show_number,
    "day": show_day,
    "moment": show_moment,
    "money": show_money,
    "s": show_plural,
}


def _local(text: str, reader: Reader) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise CannotShow("not an instant") from error
    if moment.tzinfo is None:
        raise CannotShow("an instant needs its zone")
    try:
        return moment.astimezone(ZoneInfo(reader.zone))
    except (ZoneInfoNotFoundError, ValueError):
        return moment.astimezone(ZoneInfo("UTC"))


def _zone_name(moment: datetime) -> str:
    """EST, or where a zone has no letters of its own (+04), UTC+04."""
    name = moment.tzname() or ""
    return f"UTC{name}" if name[:1] in "+-" else name


def _day(day: date, reader: Reader) -> str:
    return (
        f"{day:%B} {day.day}, {day.year}" if reader.locale in ("en-US", "en-CA") else f"{day.day} {day:%B} {day.year}"
    )
