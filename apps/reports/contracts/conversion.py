"""Money of several currencies told as one (R11): how it is asked for, and by which rates it was done."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

CONVERTED = "converted:"
_ASKED = re.compile(rf"(?P<converted>{CONVERTED})?(?P<code>[A-Z]{{3}})")


@dataclass(frozen=True, slots=True)
class AskedCurrency:
    """The currency a question is asked in. code: empty is the firm's. is_converted: with all others in it."""

    code: str = ""
    is_converted: bool = False


def read_currency(text: str) -> AskedCurrency:
    """Return what `USD`, `converted:USD` or nothing asks for. Raises ValueError with a sentence for people."""
    found = _ASKED.fullmatch(text)
    if found is None and text:
        raise ValueError(
            f"A currency is three capital letters, such as USD; {CONVERTED}USD converts all others into it."
        )
    return AskedCurrency(found["code"], found["converted"] is not None) if found else AskedCurrency()


@dataclass(frozen=True, slots=True)
class KeptRates:
    """The rates a firm keeps of one currency in another: how many, and the days the first and the last hold from."""

    currency: str
    first_on: date
    last_on: date
    count: int


@dataclass(frozen=True, slots=True)
class Conversion:
    """That figures are converted, into which currency, and the firm's own rates that were there for it.

    Each row takes the rate that holds on the day that places it in its figure, the pair as the firm keeps it.
    """

    into: str
    rates: tuple[KeptRates, ...] = ()


@dataclass(frozen=True, slots=True)
class Original:
    """What a row, or a part of it, was before it was converted. amounts: exact, by sum, as contributions are.

    converted_on: the day whose rate it took; rate_since: the day from which the firm keeps that rate; rate: what one
    unit was worth. All three are None where the amount was in the currency asked for.
    """

    currency: str
    amounts: Mapping[str, Decimal]
    converted_on: date | None = None
    rate_since: date | None = None
    rate: Decimal | None = None
