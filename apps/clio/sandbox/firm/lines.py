"""Lines of a bill: from entries, with write-downs and discounts, and typed by hand."""

from apps.clio.sandbox.firm.arithmetic import extend, percent, split
from apps.clio.sandbox.firm.records import Activity, Bill, Line, Matter
from apps.clio.sandbox.firm.streams import Chance, between, pick


def line_from(chance: Chance, entry: Activity) -> Line:
    """Return the line that bills an entry; now and then the partner takes something off."""
    assert entry.matter is not None
    is_time = entry.type == "TimeEntry"
    hundredths = entry.rounded // 36 if is_time else entry.rounded * 100
    if entry.no_charge:
        return Line("NoChargeLineItem", "Service", entry.day, entry.note, entry.price, hundredths, 0, entry.matter,
                    entry.person, entry)  # fmt: skip
    line = Line("ActivityLineItem", "Service" if is_time else "Expense", entry.day, entry.note, entry.price, hundredths,
                entry.total, entry.matter, entry.person, entry)  # fmt: skip
    mark = chance()
    if is_time and not entry.flat and not entry.contingency and mark < 0.09:
        _adjust(chance, line, mark)
    line.less_discount = _line_discount(line)
    line.net = line.gross - line.less_discount
    return line


def _adjust(chance: Chance, line: Line, mark: float) -> None:
    if mark < 0.035:
        line.price = line.price * between(chance, 80, 95) // 500 * 5
    elif mark < 0.06 and line.hundredths > 20:
        line.hundredths -= between(chance, 1, line.hundredths // 20) * 10
    elif mark < 0.064:
        line.hundredths += 10
    elif mark < 0.082:
        line.discount = ("percentage", pick(chance, (500, 1000, 1250, 1500, 2000)))
    else:
        line.discount = ("money", min(between(chance, 1, 8) * 2_500, line.gross))
    line.gross = extend(line.price, line.hundredths)


def _line_discount(line: Line) -> int:
    if line.discount is None:
        return 0
    kind, size = line.discount
    return percent(line.gross, size) if kind == "percentage" else size


def typed_line(chance: Chance, matter: Matter, day: int) -> Line:
    """Return a line without an entry behind it: a fee, a cost or a courtesy credit."""
    mark, person = chance(), matter.team[0] if chance() < 0.7 else None
    if mark < 0.12:
        amount, kind, text = -between(chance, 1, 6) * 2_500, "Service", "Courtesy credit"
    elif mark < 0.6:
        amount, kind, text = between(chance, 3, 30) * 2_500, "Service", "File opening and administration"
    else:
        amount, kind, text = between(chance, 3, 30) * 1_100, "Expense", "Copies and delivery, estimated"
    line = Line("LineItem", kind, day, text, amount, 100, amount, matter, person)
    line.net = amount
    return line


def total_up(bill: Bill) -> None:
    """Work out a bill's discount shares, taxes and sums from its lines, the way its arithmetic must tie out."""
    _share_discount(bill)
    for line in bill.lines:
        if line.type != "NoChargeLineItem" and line.net > 0:
            line.tax, line.second_tax = percent(line.net, bill.taxes[0]), percent(line.net, bill.taxes[1])
    bill.sub_total = sum(line.gross - line.less_discount for line in bill.lines)
    bill.tax = sum(line.tax for line in bill.lines)
    bill.second_tax = sum(line.second_tax for line in bill.lines)
    totals = dict.fromkeys((matter.id for matter in bill.matters), 0)
    for line in bill.lines:
        totals[line.matter.id] += line.net + line.tax + line.second_tax
    bill.matter_totals = totals
    bill.settled = dict.fromkeys(totals, 0)


def _share_discount(bill: Bill) -> None:
    if bill.discount is None:
        return
    eligible = [line for line in bill.lines if line.net > 0]
    if bill.discount_services_only:
        eligible = [line for line in eligible if line.kind == "Service"]
    kind, size = bill.discount
    base = sum(line.net for line in eligible)
    bill.discounted = percent(base, size) if kind == "percentage" else size
    for line, share in zip(eligible, split(bill.discounted, [line.net for line in eligible]), strict=True):
        line.net -= share
