"""Currencies: code and sign, nothing about rates or which one is the firm's."""

from collections.abc import Iterable

from apps.clio.sandbox.entities.entity import Entity, Recorded
from apps.clio.sandbox.entities.lookups import CURRENCY_ID, Lookups
from apps.clio.sandbox.firm import vocabulary
from apps.clio.sandbox.firm.records import Firm
from apps.clio.sandbox.fragments import TEXT, etag, instant, stamp


def _rows(firm: Firm, lookups: Lookups) -> Iterable[Recorded]:
    when, seconds = stamp(lookups.moment), instant(lookups.moment)
    for number, (code, sign) in enumerate(vocabulary.CURRENCIES, CURRENCY_ID):
        yield (number, etag(number, 1), TEXT[code], TEXT[sign], when, when), seconds, seconds


CURRENCIES = Entity(
    name="currencies",
    scalars=("id", "etag", "code", "sign", "created_at", "updated_at"),
    has_single=False,
    rows=_rows,
)
