"""Build a part of the ledger, in the order the steps need one another."""

from apps.reports.ledger.activities import gather_activities, write_activities
from apps.reports.ledger.bills import gather_bills, write_bills
from apps.reports.ledger.by_bill import write_by_bill
from apps.reports.ledger.facts import put_in, take_out
from apps.reports.ledger.lines import gather_lines, write_lines
from apps.reports.ledger.memos import write_memos
from apps.reports.ledger.owed import write_owed
from apps.reports.ledger.part import Builder, LedgerPart
from apps.reports.ledger.people import write_people
from apps.reports.ledger.settlement import gather_settlements, write_settlements
from apps.reports.ledger.spans import write_spans
from apps.reports.ledger.trust import write_trust
from apps.reports.ledger.trust_requests import write_trust_requests
from apps.reports.ledger.walls import write_walls


def build_ledger(part: LedgerPart) -> None:
    """Exchange the part's rows in all ledger tables, inside the firm's transaction: readers see all or nothing."""
    builder = Builder.of(part)
    if part.has_bills:
        gather_bills(builder)
    if part.has_bills or part.has_activities:
        gather_activities(builder)
    if part.has_bills:
        gather_lines(builder)
        gather_settlements(builder)
    take_out(builder)
    if part.has_activities:
        write_activities(builder)
    if part.has_bills:
        write_lines(builder)
        write_settlements(builder)
        write_bills(builder)
        write_owed(builder)
        write_by_bill(builder)
    put_in(builder)
    write_people(builder)
    write_trust(builder)
    write_memos(builder)
    write_trust_requests(builder)
    write_spans(builder)
    write_walls(builder)
