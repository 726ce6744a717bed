"""Where a line of a bill says whose it is: by itself, by its entry, or by its bill (kpis.md section 2, LINE)."""

from apps.clio.queries.records.candidates import Ways, by_column, by_link, by_matter, of_no_matter
from apps.clio.queries.records.reach import Reach, worked_out

LINES = "clio_line_items"

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


def ways_to_lines(*, key: str = "clio_id", of_clients: str) -> Ways:
    """Return how lines are found, or, by another key, what they belong to. of_clients: the same by payers."""
    return Ways(
        of_people=(
            by_column(LINES, "user_id", key=key),
            by_link("clio_activities", "user_id", LINES, "activity_id", key=key, given="c.user_id IS NULL"),
        ),
        of_matters=(by_matter(LINES, key=key), of_no_matter(LINES, key=key)),
        of_clients=(of_clients,),
    )
