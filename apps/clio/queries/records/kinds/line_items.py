"""Lines of bills."""

from functools import partial

from apps.clio.queries.records.candidates import by_link
from apps.clio.queries.records.declaration import Hides, RecordKind, Sought
from apps.clio.queries.records.fields import (
    MADE,
    bill_number,
    day,
    flag,
    is_text,
    matter,
    money,
    number,
    one_of,
    person,
    rate,
    text,
    the_id,
    words,
    worth,
)
from apps.clio.queries.records.kinds.lines import LINES, line_reach, ways_to_lines
from apps.clio.queries.records.reach import rows_of

_worth = partial(worth, of="r.user_id", is_time="r.kind IS DISTINCT FROM 'Expense'")

LINE_ITEMS = RecordKind(
    name="line_items",
    one="line_item",
    about="Lines of bills.",
    table="clio_line_items",
    scope=rows_of(line_reach("r")),
    fields=(
        text("type", "`ActivityLineItem`, `LineItem`, `NoChargeLineItem` or `SummaryLineItem`"),
        text("kind", "`Service` or `Expense`"),
        day("date"),
        words("description"),
        words("note"),
        rate("price", "per hour or piece"),
        number("quantity", "hours or pieces"),
        _worth("sub_total"),
        _worth("total"),
        _worth("tax"),
        _worth("secondary_tax"),
        flag("taxable"),
        flag("secondary_taxable"),
        money("discount_rate", "percent or an amount, by its type"),
        text("discount_type", "`percentage` or `money`"),
        the_id("group_ordering"),
        the_id("bill_id"),
        bill_number(),
        text("bill_state"),
        the_id("activity_id"),
        text("activity_type"),
        the_id("matter_id", "as Clio has it; the entry's or the bill's may stand for it"),
        matter("matter_display_number", of="r.matter_id"),
        the_id("user_id", "as Clio has it; the entry's may stand for it"),
        person("user_name", of="r.user_id"),
        *MADE,
    ),
    filters=(one_of("bill_id"), one_of("matter_id"), one_of("activity_id"), is_text("kind", "Service", "Expense")),
    sought=tuple(
        Sought(f"its {name}", f"r.{name}", hides=Hides.CLIENTS_WORDS, is_anywhere=True)
        for name in ("description", "note")
    ),
    ways=ways_to_lines(of_clients=by_link("clio_bills", "client_id", LINES, "bill_id")),
)
