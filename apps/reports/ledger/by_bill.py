"""Lines and money added up within each bill, exchanged with the bills of a part."""

# ruff: noqa: S608 - statements are put together from constants of this package; every value is a parameter

from apps.reports.ledger.part import Builder
from apps.reports.queries.sources.by_bill import ALL_BY_BILL, ByBill
from apps.reports.queries.sources.facts import Depth

_CHOSEN = """firm_id = %(firm)s AND (%(whole)s OR bill_id = ANY(%(bills)s::bigint[]) OR
                                  (%(with_billless)s AND bill_id IS NULL))"""
_CLEAR = f"DELETE FROM {{table}} WHERE {_CHOSEN}"
_INSERT = """
INSERT INTO {table} (firm_id, depth, timekeeper_id, {keys}, {sums}, entries, is_alone)
SELECT %(firm)s, {depth}, {timekeeper}, {keys}, {added}, {entries},
       bill_id IS NOT NULL AND count(*) OVER (PARTITION BY bill_id, {timekeeper}) = 1
FROM (SELECT {kept} FROM {rows} WHERE {chosen}) r
GROUP BY 3, {keys}
ORDER BY {placed_on}, bill_id
"""
# Work is not told apart by category; expenses are.
_OF_EXPENSES = "CASE WHEN item = 'expense' THEN {name} END AS {name}"


def write_by_bill(builder: Builder) -> None:
    """Exchange the part's sums by bill, once its lines and settlements are written."""
    builder.values["with_billless"] = builder.values["rest"] or builder.part.without_bill
    for sums in ALL_BY_BILL:
        builder.run(_CLEAR.format(table=sums.table), _by_person(sums), _by_matter(sums))


def _by_person(sums: ByBill) -> str:
    kept = ", ".join(_OF_EXPENSES.format(name=key) if key in ("category_id", "cost_kind") else key for key in sums.keys)
    return _filled(
        sums,
        depth=str(Depth.BOTH.value),
        timekeeper="timekeeper_id",
        entries="count(*)",
        kept=f"timekeeper_id, {kept}, {', '.join(sums.sums)}",
        rows=sums.rows,
        chosen=_CHOSEN,
    )


def _by_matter(sums: ByBill) -> str:
    return _filled(
        sums,
        depth=str(Depth.MATTER.value),
        timekeeper="NULL::bigint",
        entries="sum(entries)",
        kept="*",
        rows=sums.table,
        chosen=f"{_CHOSEN} AND depth = {Depth.BOTH.value}",
    )


def _filled(sums: ByBill, **parts: str) -> str:
    return _INSERT.format(
        table=sums.table,
        keys=", ".join(sums.keys),
        sums=", ".join(sums.sums),
        added=", ".join(f"sum({name})" for name in sums.sums),
        placed_on=sums.placed_on,
        **parts,
    )
