"""Build a part of the ledger, in the order the steps need one another."""

from apps.reports.ledger.activities import gather_activities, write_activities
from apps.reports.ledger.bills import gather_bills, write_bills
from apps.reports.ledger.lines import gather_lines, write_lines
from apps.reports.ledger.part import Builder, LedgerPart
from apps.reports.ledger.people import write_people
from apps.reports.ledger.settlement import gather_settlements, write_settlements


def build_ledger(part: LedgerPart) -> None:
    """Exchange the part's rows in all ledger tables, inside the firm's transaction: readers see all or nothing."""
    builder = Builder.of(part)
    gather_bills(builder)
    gather_activities(builder)
    gather_lines(builder)
    gather_settlements(builder)
    write_activities(builder)
    write_lines(builder)
    write_settlements(builder)
    write_bills(builder)
    write_people(builder)
