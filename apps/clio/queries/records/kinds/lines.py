"""Where a line of a bill says whose it is: by itself, by its entry, or by its bill (kpis.md section 2, LINE)."""

from apps.clio.queries.records.reach import Reach, worked_out

_ENTRY = " LEFT JOIN clio_activities a ON a.firm_id = %(firm)s AND a.clio_id = {row}.activity_id"
_BILL = " LEFT JOIN clio_bills b ON b.firm_id = %(firm)s AND b.clio_id = {row}.bill_id"


def line_reach(row: str, *, bill: str = "") -> Reach:
    """Return the reach of lines called `row`. bill: what their one bill is called, where the lines are found by it."""
    bill_row = bill or "b"
    only_matter = f"CASE WHEN cardinality({bill_row}.matter_ids) = 1 THEN {bill_row}.matter_ids[1] END"
    own = worked_out(f"coalesce({row}.matter_id, a.matter_id, {only_matter})")
    return Reach(
        matter="own.matter_id",
        client=f"{bill_row}.client_id",
        timekeeper=f"coalesce({row}.user_id, a.user_id)",
        joins=_ENTRY.format(row=row) + ("" if bill else _BILL.format(row=row)) + own,
    )
