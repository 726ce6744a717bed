"""Dates, money and plurals as a reader expects them."""

import pytest

from apps.notifications.contracts import ContextValue, Reader
from apps.notifications.rules.formats import FILTERS, CannotShow

US, UK, INDIA = Reader("America/New_York"), Reader("Europe/London", "en-GB"), Reader("Asia/Dubai", "en-GB")


@pytest.mark.parametrize(
    ("name", "value", "reader", "argument", "shown"),
    [
        ("number", 1284310, US, None, "1,284,310"),
        ("s", 1, US, None, ""),
        ("s", 0, US, None, "s"),
        ("day", "2026-03-03", US, None, "March 3, 2026"),
        ("day", "2026-03-03", UK, None, "3 March 2026"),
        ("day", "2026-03-04T03:00:00+00:00", US, None, "March 3, 2026"),
        # The night clocks go forward in New York: 01:59 EST, then 03:00 EDT.
        ("moment", "2026-03-08T06:59:00Z", US, None, "March 8, 2026, 1:59 AM EST"),
        ("moment", "2026-03-08T07:00:00Z", US, None, "March 8, 2026, 3:00 AM EDT"),
        ("moment", "2026-03-08T17:00:00Z", US, None, "March 8, 2026, 1:00 PM EDT"),
        ("moment", "2026-03-08T04:59:00Z", US, None, "March 7, 2026, 11:59 PM EST"),
        ("moment", "2026-12-31T20:30:00Z", INDIA, None, "1 January 2027, 00:30 UTC+04"),
        ("money", "1250.00", US, "USD", "$1,250.00"),
        ("money", "-38.71", US, "usd", "-$38.71"),
        ("money", "1250.00", US, "CAD", "CA$1,250.00"),
        ("money", "1250.00", US, "CHF", "CHF 1,250.00"),
    ],
)
def test_shows(name: str, value: ContextValue, reader: Reader, argument: str | None, shown: str):
    assert FILTERS[name](value, reader, argument) == shown


@pytest.mark.parametrize(
    ("name", "value", "argument"),
    [
        ("number", "12", None),
        ("number", True, None),
        ("day", "soon", None),
        ("moment", "2026-03-08", None),
        ("moment", "2026-03-08T17:00:00", None),
        ("money", "much", "USD"),
        ("money", "12.00", None),
        ("money", "12.00", 5),
    ],
)
def test_refuses_what_it_cannot_show(name: str, value: ContextValue, argument: ContextValue | None):
    with pytest.raises(CannotShow):
        FILTERS[name](value, US, argument)
