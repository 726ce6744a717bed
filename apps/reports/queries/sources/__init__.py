"""How the sources of the ledger are summed: by the dimensions they have, by pieces of a period, to several levels."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from apps.core.scope import Scope
from apps.reports.contracts import Measure, Source
from apps.reports.queries.sources import apart, as_of, capacity, dated, to_date
from apps.reports.queries.sources.reading import Piece, Reading


class Readable(Protocol):
    """A source that can be summed."""

    def piece(self, reading: Reading, measures: Sequence[Measure]) -> Piece:
        """Return the statement of the measures' sums."""
        ...


READABLE: Mapping[Source, Readable] = {
    Source.TIME: dated.TIME,
    Source.CAPACITY: capacity.CAPACITY,
    Source.BILLED: dated.BILLED,
    Source.INTEREST: dated.INTEREST,
    Source.SETTLED: dated.SETTLED,
    Source.COHORT: dated.COHORT,
    Source.UNBILLED: as_of.UNBILLED,
    Source.RECEIVABLE: as_of.RECEIVABLE,
    Source.UNTRACKED: capacity.UNTRACKED,
    Source.WORKED: dated.WORKED,
    Source.WORK_BILLED: dated.WORK_BILLED,
    Source.WORK_COLLECTED: dated.WORK_COLLECTED,
    Source.BILLED_LINES: apart.BILLED_LINES,
    Source.RECEIVED: dated.RECEIVED,
    Source.PAYMENTS: apart.PAYMENTS,
    Source.PAID_UP: apart.PAID_UP,
    Source.TIME_TO_DATE: to_date.TIME_TO_DATE,
    Source.SETTLED_TO_DATE: to_date.SETTLED_TO_DATE,
}


def is_offered(source: Source, scope: Scope) -> bool:
    """Tell whether a source has anything to say for a scope; capacity has no part by practice area or client."""
    return source not in (Source.CAPACITY, Source.UNTRACKED) or capacity.offers_capacity(scope)
