"""The forms a value of a message may have. A sample shows the form, and a real value must have the same."""

import re
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from apps.notifications.contracts import ContextValue

_ADDRESS = re.compile(r"https?://[^\s\"'<>\\`]+")
_AMOUNT = re.compile(r"-?\d{1,15}\.\d{2}")


class Form(StrEnum):
    """What a value is, named as the sentence about a wrong one ends."""

    FLAG = "true or false"
    NUMBER = "a whole number"
    INSTANT = "an instant with its zone (ISO 8601)"
    DAY = "a day (ISO 8601)"
    AMOUNT = "an amount such as 1250.00"
    ADDRESS = "an address that begins with https:// or http://"
    TEXT = "text"


def form_of(value: ContextValue) -> Form:
    """Return the narrowest form of a value."""
    if isinstance(value, bool):
        return Form.FLAG
    if isinstance(value, int):
        return Form.NUMBER
    return next(
        (form for form in (Form.INSTANT, Form.DAY, Form.AMOUNT, Form.ADDRESS) if has_form(form, value)), Form.TEXT
    )


def has_form(form: Form, value: object) -> bool:
    """Tell whether a value can be shown as the form."""
    if form is Form.FLAG:
        return isinstance(value, bool)
    if form is Form.NUMBER:
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, str) and _reads_as(form, value)


def _reads_as(form: Form, text: str) -> bool:
    match form:
        case Form.INSTANT:
            return _is_instant(text)
        case Form.DAY:
            return _is_day(text)
        case Form.AMOUNT:
            return _AMOUNT.fullmatch(text) is not None
        case Form.ADDRESS:
            return _ADDRESS.fullmatch(text) is not None
    return True


def _is_instant(text: str) -> bool:
    try:
        return "T" in text and datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def amount_of(text: str) -> Decimal:
    """Return an amount as a number. Raises ValueError."""
    try:
        return Decimal(text)
    except InvalidOperation as error:
        raise ValueError(f"{text!r} is not an amount") from error
