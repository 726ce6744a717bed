"""List the rows behind a figure page by page, with what they are about, what they are called and where they are."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import NamedTuple

from apps.clio.interface import app_host
from apps.core.money import minor_digits
from apps.reports.contracts import Measure, Source, Unit
from apps.reports.contracts.conversion import Original
from apps.reports.contracts.explanation import ExplainedRow, Role, RowFacts, RowKind, RowMark
from apps.reports.metrics.parts import Part
from apps.reports.queries.adjusted_rows import read_kept_facts
from apps.reports.queries.original_rows import OriginalRow, read_original_rows
from apps.reports.queries.row_facts import is_told_by_key, read_row_facts
from apps.reports.queries.rows_behind import RowBehind, read_rows_behind, row_kind
from apps.reports.queries.sources import is_offered
from apps.reports.queries.sources.converted import WITHOUT_MONEY
from apps.reports.queries.sources.reading import OTHERS, Reading
from apps.reports.rules.marked_pages import page_around
from apps.reports.services.describe_rows import as_told, label_facts, labels_of, page_of, record_of

_Placed = tuple[int, RowBehind]
_OF_OTHERS = "work of others"


@dataclass(frozen=True, slots=True)
class Page:
    """Rows behind a figure, and the marks of the pages around them."""

    rows: tuple[ExplainedRow, ...] = ()
    next: RowMark | None = None
    previous: RowMark | None = None


class Group(NamedTuple):
    """A source, and whether it is read for the whole that a figure is a share of."""

    source: Source
    is_of_whole: bool


@dataclass(frozen=True, slots=True)
class Explained:
    """A cell made out: what is summed, over which reading, and who reads it. whole: of what it may be a share of.

    tells_prices: the reader holds the permission for rates, which the worth of a single entry, line or payment tells.
    """

    reading: Reading
    whole: Reading
    parts: tuple[Part, ...]
    currency: str
    tells_people: bool
    tells_prices: bool

    @property
    def groups(self) -> list[Group]:
        """Return the sources whose rows are shown, in order; those of the whole apart."""
        used = dict.fromkeys(Group(part.measure.source, part.is_of_whole) for part in self.parts)
        mode, scope = self.reading.mode, self.reading.scope
        return [each for each in used if row_kind(each.source, mode) and is_offered(each.source, scope)]

    def reading_of(self, group: Group) -> Reading:
        """Return the reading of a source."""
        return self.whole if group.is_of_whole else self.reading

    def reading_of_rows(self, group: Group) -> Reading:
        """Return the reading that breaks a source down to rows: what tells no money tells no price."""
        of_group = (part for part in self.parts if Group(part.measure.source, part.is_of_whole) == group)
        is_money = any(part.unit in (Unit.MONEY, None) for part in of_group)
        return replace(self.reading_of(group), tells_prices=self.tells_prices or not is_money)

    def measures(self, group: Group) -> list[Measure]:
        """Return what is read of a source, each measure once."""
        of_group = (part for part in self.parts if Group(part.measure.source, part.is_of_whole) == group)
        return list({part.measure.key: part.measure for part in of_group}.values())

    def exact(self, part: Part, amount: Decimal) -> Decimal:
        """Return an amount in its unit: money in the currency's, times the divisor."""
        return amount.scaleb(-minor_digits(self.currency)) if part.unit is Unit.MONEY else amount


def list_rows_behind(explained: Explained, *, mark: RowMark | None, size: int) -> Page:
    """Return a page of the rows; call it inside the firm's transaction."""
    placed, following, previous = _place(explained, mark, size)
    return Page(tuple(_rows(explained, placed)), following, previous)


def _place(
    explained: Explained, mark: RowMark | None, size: int
) -> tuple[Sequence[_Placed], RowMark | None, RowMark | None]:
    """Return the rows of the page with the places of their sources, and the marks of its neighbors."""
    found = _walk(explained, mark, is_backwards=mark is not None and mark.is_backwards, limit=size + 1)
    return page_around(found, size=size, mark=mark, mark_of=_mark)


def _walk(explained: Explained, mark: RowMark | None, *, is_backwards: bool, limit: int) -> list[_Placed]:
    groups = explained.groups
    start = mark.source if mark else 0
    places = range(min(start, len(groups) - 1), -1, -1) if is_backwards else range(start, len(groups))
    zeros = frozenset(part.measure.key for part in explained.parts if part.may_be_zero)
    beside = frozenset(part.measure.key for part in explained.parts if part.role is Role.BESIDE)
    found: list[_Placed] = []
    for place in places:
        rows = read_rows_behind(
            reading=explained.reading_of_rows(groups[place]),
            source=groups[place].source,
            measures=explained.measures(groups[place]),
            may_be_zero=zeros,
            beside=beside,
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


def _rows(explained: Explained, placed: Sequence[_Placed]) -> Iterable[ExplainedRow]:
    scope = explained.reading.scope
    mode = explained.reading.mode
    kinds = [kind for group in explained.groups if (kind := row_kind(group.source, mode))]
    by_place: dict[int, list[RowBehind]] = defaultdict(list)
    facts: dict[tuple[int, int, str], RowFacts] = {}
    for place, row in placed:
        if row.part == OTHERS:
            facts[place, row.row_id, OTHERS] = _of_others(row.row_id, kinds[place])
        else:
            by_place[place].append(row)
    facts |= {
        (place, *key): fact
        for place, rows in by_place.items()
        for key, fact in read_row_facts(
            scope=scope,
            kind=kinds[place],
            rows=rows,
            first=explained.reading.first,
            last=explained.reading.last,
        ).items()
    }
    if explained.reading.is_frozen:
        facts |= _kept_facts(explained, {at: rows for at, rows in by_place.items() if not is_told_by_key(kinds[at])})
    originals = _originals(explained, placed)
    labels = label_facts(scope=scope, facts=facts.values(), tells_people=explained.tells_people)
    host = app_host(firm_id=scope.firm_id)
    for place, row in placed:
        kind = RowKind.OTHERS if row.part == OTHERS else kinds[place]
        fact = facts.get((place, row.row_id, row.part), RowFacts())
        yield ExplainedRow(
            kind=kind,
            row_id=row.row_id,
            part=row.part,
            facts=as_told(fact, kind=kind, scope=scope),
            contributions=_contributions(explained, row),
            labels=labels_of(fact, labels),
            record=record_of(kind, row.row_id, fact),
            page=page_of(host, fact) if host else "",
            originals=originals.get((place, row.row_id, row.part), ()),
        )


def _of_others(its_id: int, kind: RowKind) -> RowFacts:
    """Return what is told of several rows in one: the matter of entries, else the bill, if it may be told."""
    if its_id == 0:
        return RowFacts(_OF_OTHERS)
    return RowFacts(_OF_OTHERS, matter_id=its_id) if kind is RowKind.ENTRY else RowFacts(_OF_OTHERS, bill_id=its_id)


def _kept_facts(
    explained: Explained, by_place: Mapping[int, Sequence[RowBehind]]
) -> dict[tuple[int, int, str], RowFacts]:
    """Return what rows of closed months were about then: they may be gone since."""
    reading = explained.reading
    return {
        (place, *key): fact
        for place, rows in by_place.items()
        for key, fact in read_kept_facts(
            scope=reading.scope,
            source=explained.groups[place].source,
            ids=[row.row_id for row in rows],
            first=reading.first,
            last=reading.last,
        ).items()
    }


def _originals(explained: Explained, placed: Sequence[_Placed]) -> dict[tuple[int, int, str], tuple[Original, ...]]:
    """Return what rows were before they were converted.

    Who is ranked by a total has no amounts of their own, and what stands for rows told as one is not told apart again.
    """
    found: dict[tuple[int, int, str], tuple[Original, ...]] = {}
    for place in {place for place, _ in placed} if explained.reading.converting else ():
        group = explained.groups[place]
        money = {part.measure.key for part in explained.parts if part.unit is Unit.MONEY}
        measures = [each for each in explained.measures(group) if each.key in money]
        if not measures or group.source in WITHOUT_MONEY or row_kind(group.source) is RowKind.CLIENT:
            continue
        rows = read_original_rows(
            reading=explained.reading_of_rows(group),
            source=group.source,
            measures=measures,
            rows=[row for at, row in placed if at == place and row.part != OTHERS],
        )
        for key, parts in rows.items():
            if key[1] != OTHERS:
                found[place, *key] = tuple(_original(each) for each in parts)
    return found


def _original(row: OriginalRow) -> Original:
    digits = minor_digits(row.currency)
    amounts = {key: amount.scaleb(-digits) for key, amount in row.amounts.items() if amount}
    return Original(row.currency, amounts, row.converted_on, row.rate_since, row.rate)


def _contributions(explained: Explained, row: RowBehind) -> dict[str, Decimal]:
    return {
        part.measure.key: explained.exact(part, amount)
        for part in explained.parts
        if (amount := row.amounts.get(part.measure.key)) is not None and (amount or part.may_be_zero)
    }
