"""List the rows that make the difference between a closed figure and now, with what they are about, page by page."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from apps.clio.interface import app_host
from apps.core.money import minor_digits
from apps.reports.contracts import Measure, Source, Unit
from apps.reports.contracts.closing import Adjustment, Change, ReEntered
from apps.reports.contracts.explanation import ExplainedRow, RowFacts, RowKind, RowMark
from apps.reports.metrics.parts import Part
from apps.reports.queries.adjusted_rows import AdjustedRow, read_adjusted_rows, read_kept_facts
from apps.reports.queries.re_entered import find_re_entered
from apps.reports.queries.row_facts import is_told_by_key, read_row_facts
from apps.reports.queries.rows_behind import RowBehind, row_kind
from apps.reports.queries.sources import is_offered
from apps.reports.queries.sources.reading import Reading
from apps.reports.services.describe_rows import Labels, as_told, label_facts, labels_of, page_of, record_of

_Placed = tuple[int, AdjustedRow]


@dataclass(frozen=True, slots=True)
class ComparedFigure:
    """A figure made out: the same reading of now and of the close, and what it is made of."""

    live: Reading
    kept: Reading
    parts: tuple[Part, ...]
    currency: str
    tells_people: bool

    @property
    def sources(self) -> list[Source]:
        """Return the sources whose rows are shown, in order."""
        used = dict.fromkeys(part.measure.source for part in self.parts)
        return [each for each in used if row_kind(each) and is_offered(each, self.live.scope)]

    def measures(self, source: Source) -> list[Measure]:
        """Return what is read of a source, each measure once."""
        return list({part.measure.key: part.measure for part in self.parts if part.measure.source is source}.values())

    def exact(self, part: Part, amount: Decimal) -> Decimal:
        """Return an amount in its unit: money in the currency's, times the divisor."""
        return amount.scaleb(-minor_digits(self.currency)) if part.unit is Unit.MONEY else amount

    def given(self, amounts: Mapping[str, Decimal | None]) -> dict[str, Decimal]:
        """Return what a row gives to the sums, in their units."""
        return {
            part.measure.key: self.exact(part, amount)
            for part in self.parts
            if (amount := amounts.get(part.measure.key)) is not None and (amount or part.may_be_zero)
        }


@dataclass(frozen=True, slots=True)
class AdjustedPage:
    """Rows that make a difference, and the marks of the pages around them."""

    rows: tuple[Adjustment, ...] = ()
    following: RowMark | None = None
    previous: RowMark | None = None


def list_adjusted_rows(compared: ComparedFigure, *, mark: RowMark | None, size: int) -> AdjustedPage:
    """Return a page of the rows; call it inside the firm's transaction."""
    placed, following, previous = _place(compared, mark, size)
    return AdjustedPage(tuple(_rows(compared, placed)), following, previous)


def _place(
    compared: ComparedFigure, mark: RowMark | None, size: int
) -> tuple[Sequence[_Placed], RowMark | None, RowMark | None]:
    """Return the rows of a page with the places of their sources, and the marks of its neighbors."""
    is_backwards = mark is not None and mark.is_backwards
    found = _walk(compared, mark, is_backwards=is_backwards, limit=size + 1)
    page = found[:size][::-1] if is_backwards else found[:size]
    if not page:
        return (), None, None
    has_more = len(found) > size
    following = _mark(page[-1]) if is_backwards or has_more else None
    previous = replace(_mark(page[0]), is_backwards=True) if mark and (has_more or not is_backwards) else None
    return page, following, previous


def _walk(compared: ComparedFigure, mark: RowMark | None, *, is_backwards: bool, limit: int) -> list[_Placed]:
    sources = compared.sources
    start = min(mark.source, len(sources) - 1) if mark else 0
    found: list[_Placed] = []
    for place in range(start, -1, -1) if is_backwards else range(start, len(sources)):
        rows = read_adjusted_rows(
            live=compared.live,
            kept=compared.kept,
            source=sources[place],
            measures=compared.measures(sources[place]),
            may_be_zero=frozenset(part.measure.key for part in compared.parts if part.may_be_zero),
            beyond=(mark.row_id, mark.part) if mark and place == mark.source else None,
            is_backwards=is_backwards,
            limit=limit - len(found),
        )
        found += [(place, row) for row in rows]
        if len(found) == limit:
            break
    return found


def _mark(placed: _Placed) -> RowMark:
    place, row = placed
    return RowMark(place, row.row_id, row.part)


def _rows(compared: ComparedFigure, placed: Sequence[_Placed]) -> Iterable[Adjustment]:
    scope = compared.live.scope
    facts = _facts(compared, placed)
    labels = label_facts(scope=scope, facts=facts.values(), tells_people=compared.tells_people)
    host = app_host(firm_id=scope.firm_id)
    kinds = [row_kind(source) for source in compared.sources]
    again = _re_entered(compared, [(kinds[place], row, facts[place, row.row_id, row.part]) for place, row in placed])
    for place, row in placed:
        kind, fact = kinds[place], facts[place, row.row_id, row.part]
        if kind is not None:
            yield Adjustment(
                change=row.change,
                row=_explained(kind, row, as_told(fact, kind=kind, scope=scope), labels, host),
                closed=compared.given(row.closed),
                now=compared.given(row.now),
                re_entered=again.get(row.row_id) if kind is RowKind.SETTLEMENT else None,
            )


def _explained(kind: RowKind, row: AdjustedRow, fact: RowFacts, labels: Labels, host: str) -> ExplainedRow:
    return ExplainedRow(
        kind=kind,
        row_id=row.row_id,
        part=row.part,
        facts=fact,
        contributions={},
        labels=labels_of(fact, labels),
        record=record_of(kind, row.row_id, fact),
        page=page_of(host, fact) if host else "",
    )


def _facts(compared: ComparedFigure, placed: Sequence[_Placed]) -> dict[tuple[int, int, str], RowFacts]:
    """Return what the rows are about: as it is now; where they are gone, or moved on, as it was when they were kept."""
    by_place: dict[int, list[AdjustedRow]] = defaultdict(list)
    for place, row in placed:
        by_place[place].append(row)
    reading, found = compared.live, {}
    for place, rows in by_place.items():
        source = compared.sources[place]
        kind = row_kind(source)
        if kind is None:
            continue
        behind = [RowBehind(row.row_id, row.part, {}) for row in rows]
        now = read_row_facts(scope=reading.scope, kind=kind, rows=behind, first=reading.first, last=reading.last)
        then = read_kept_facts(
            scope=reading.scope,
            source=source,
            ids=[] if is_told_by_key(kind) else [row.row_id for row in rows],
            first=reading.first,
            last=reading.last,
        )
        for row in rows:
            key = (row.row_id, row.part)
            was, told = then.get(key), now.get(key)
            is_gone = row.change is Change.REMOVED and not is_told_by_key(kind)
            found[place, *key] = (was if is_gone else told or was) or RowFacts()
    return found


def _re_entered(
    compared: ComparedFigure, rows: Sequence[tuple[RowKind | None, AdjustedRow, RowFacts]]
) -> Mapping[int, ReEntered]:
    bills = {fact.bill_id for kind, _, fact in rows if kind is RowKind.SETTLEMENT and fact.bill_id is not None}
    return find_re_entered(scope=compared.live.scope, bill_ids=bills) if bills else {}
