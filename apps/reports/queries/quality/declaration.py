"""How a check is declared: a condition over the rows of a set, with what people need to know of it."""

from dataclasses import dataclass

from apps.core.access import Extra
from apps.reports.contracts import Source
from apps.reports.contracts.quality import Severity


@dataclass(frozen=True, slots=True)
class RowSet:
    """Records of one kind as SQL, with the columns firm_id, kind, row_id, part, detail, day, timekeeper_id, matter_id,
    bill_id, client_id and whatever conditions name.

    are_matters: they are seen as matters are. repeats: a record has several rows, of which those in scope show it.
    is_whole: all records of the kind are in it, so that a share of them can be told. What rows add up they take from
    what the reader sees: of a row `r` with a person, a matter and a payer by `{seen_join}` and `{seen}`, of work that
    counts whoever's it is by `{unwalled_join}` and `{unwalled}`.
    """

    rows: str
    are_matters: bool = False
    repeats: bool = False
    is_whole: bool = True


@dataclass(frozen=True, slots=True)
class Check:
    """A fault to look for. condition: over a row `r` of its set; may name `%(today)s`.

    needs: a permission without which not even its count is told. affects: the sources whose figures it touches.
    """

    key: str
    title: str
    why: str
    to_do: str
    severity: Severity
    of: RowSet
    condition: str
    needs: Extra | None = None
    affects: frozenset[Source] = frozenset()
