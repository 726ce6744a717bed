"""K12 and K13: what was given away before the client saw it, and after."""

from apps.reports.contracts import Measure, Source, Unit
from apps.reports.metrics.billing import BILLED
from apps.reports.metrics.declaration import Item, Metric, Ratio, total
from apps.reports.metrics.dimensions import BILL_LIKE, MONEY_LIKE


def _billed(name: str, column: str, item: str) -> Measure:
    expression = f"coalesce(sum(r.{column}) FILTER (WHERE r.item = '{item}'), 0)"
    return Measure(f"{item}_{name}", Source.BILLED, expression)


def _known(name: str, column: str, item: str) -> Measure:
    """Sum lines of known worth only: for the sides of a rate."""
    expression = f"coalesce(sum(r.{column}) FILTER (WHERE r.item = '{item}' AND NOT r.is_hidden), 0)"
    return Measure(f"{item}_{name}_known", Source.BILLED, expression)


def _reductions(item: str, plural: str) -> dict[str, Item]:
    line, bill = _billed("line_discount", "line_discount", item), _billed("bill_discount", "bill_discount", item)
    known = _known("line_discount", "line_discount", item), _known("bill_discount", "bill_discount", item)
    worked = (_known("worked", "worked", item),)
    return {
        f"{plural}_written_down": total(_billed("written_down", "written_down", item), unit=Unit.MONEY),
        f"{plural}_line_discounts": total(line, unit=Unit.MONEY),
        f"{plural}_bill_discounts": total(bill, unit=Unit.MONEY),
        f"{plural}_discounts": total(line, bill, unit=Unit.MONEY),
        f"{plural}_write_down_rate": Ratio(over=(_known("written_down", "written_down", item),), under=worked),
        f"{plural}_discount_rate": Ratio(over=known, under=worked),
    }


def _settled(key: str, amount: str, condition: str, source: Source = Source.SETTLED) -> Measure:
    return Measure(key, source, f"coalesce(sum({amount}) FILTER (WHERE {condition}), 0)")


_ON_LINES = "r.item IN ('fee', 'expense', 'unreconciled')"
WRITTEN_OFF_FEES = _settled("written_off_fees", "r.net", "r.kind = 'write_off' AND r.item = 'fee'")
WRITTEN_OFF_EXPENSES = _settled("written_off_expenses", "r.net", "r.kind = 'write_off' AND r.item = 'expense'")
WRITTEN_OFF_UNRECONCILED = _settled(
    "written_off_unreconciled", "r.net", "r.kind = 'write_off' AND r.item = 'unreconciled'"
)
WRITTEN_OFF = (WRITTEN_OFF_FEES, WRITTEN_OFF_EXPENSES, WRITTEN_OFF_UNRECONCILED)

REDUCTIONS = Metric(
    key="K12",
    name="reductions",
    title="Write-downs and discounts",
    question="What was given away before the client saw it?",
    formula="write-down = worked value - what the line charges; discounts of lines; discounts of bills",
    date_basis="issue date",
    dims=BILL_LIKE,
    definition=(
        "A write-down is what an entry was worth before it was billed, less what its line charges; negative, it is a "
        "write-up. A bill's discount is spread over its lines. Rates are over the worked value of the same lines, fees "
        "over fees and expenses over expenses."
    ),
    excludes="Tax, unreconciled amounts. Lines whose worth is not known have no write-down and leave the rates.",
    follows="Clio, Comparing activity and billing reports; Clio, Credit notes: a discount is made before approval.",
    items=_reductions("fee", "fees") | _reductions("expense", "expenses"),
)
WRITTEN_OFF_TAX = _settled("written_off_tax", "r.taxes", "r.kind = 'write_off'")
WAIVED_INTEREST = _settled("waived_interest", "r.net", "r.kind <> 'payment' AND r.item = 'interest'")
DISCOUNTED_LATER = _settled("discounted_later", "r.net", f"r.kind = 'discount' AND {_ON_LINES}")
DISCOUNTED_TAX = _settled("discounted_tax", "r.taxes", "r.kind = 'discount'")
WRITE_OFFS = Metric(
    key="K13",
    name="write_offs",
    title="Write-offs after billing",
    question="What was given up after the client had the bill?",
    formula="sum of credit memos that are no discounts, spread over the lines of their bills",
    date_basis="date of the credit's allocation to the bill; the bills' rate: issue date, credits up to today",
    dims=BILL_LIKE,
    definition=(
        "Credits on approved bills, spread like payments. Discounts given after billing, taxes and waived interest "
        "stand apart. The rate is over revenue billed in the same period; the rate of bills is what was written off "
        "so far of the bills issued in the period."
    ),
    excludes="Voided credits and credits on no bill; tax and interest are not in the total.",
    follows="Clio, Credit notes: a credit reduces an approved bill.",
    items={
        "total": total(*WRITTEN_OFF, unit=Unit.MONEY),
        "fees": total(WRITTEN_OFF_FEES, unit=Unit.MONEY),
        "expenses": total(WRITTEN_OFF_EXPENSES, unit=Unit.MONEY),
        "unreconciled": total(WRITTEN_OFF_UNRECONCILED, unit=Unit.MONEY),
        "tax": total(WRITTEN_OFF_TAX, unit=Unit.MONEY),
        "interest_waived": total(WAIVED_INTEREST, unit=Unit.MONEY),
        "discounts": total(DISCOUNTED_LATER, unit=Unit.MONEY),
        "discounts_tax": total(DISCOUNTED_TAX, unit=Unit.MONEY),
        "rate": Ratio(over=WRITTEN_OFF, under=BILLED),
        "rate_of_bills": Ratio(
            over=(_settled("cohort_written_off", "r.net", f"r.kind = 'write_off' AND {_ON_LINES}", Source.COHORT),),
            under=BILLED,
        ),
    },
)
CREDITS = Metric(
    key="K13.log",
    name="credits",
    title="Credits on bills",
    question="Which credits took money off bills, one by one?",
    formula="amount of credit memos on approved bills, spread like payments; tax included",
    date_basis="date of the credit's allocation to the bill",
    dims=MONEY_LIKE,
    definition="What K13 counts, with the tax that went with it, so that a credit's amount is the memo's own.",
    excludes="Voided credits, credits on no bill, and what a memo holds beyond its bills.",
    follows="Clio, Credit notes: a credit reduces an approved bill.",
    items={
        "total": total(
            *WRITTEN_OFF, WRITTEN_OFF_TAX, DISCOUNTED_LATER, DISCOUNTED_TAX, WAIVED_INTEREST, unit=Unit.MONEY
        ),
        "write_offs": total(*WRITTEN_OFF, WRITTEN_OFF_TAX, unit=Unit.MONEY),
        "discounts": total(DISCOUNTED_LATER, DISCOUNTED_TAX, unit=Unit.MONEY),
        "interest_waived": total(WAIVED_INTEREST, unit=Unit.MONEY),
    },
)
