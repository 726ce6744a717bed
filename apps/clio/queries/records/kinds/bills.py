"""Bills, whole or cut to the lines somebody may see."""

# ruff: noqa: S608 - names come from the declarations, values never

from apps.clio.queries.records.candidates import by_column
from apps.clio.queries.records.declaration import Field, Hides, Kind, RecordKind, Sort, Sought
from apps.clio.queries.records.fields import (
    BY_UPDATE,
    MADE,
    between_days,
    bill_number,
    by_day,
    client,
    day,
    flag,
    ids,
    instant,
    is_text,
    money,
    one_of,
    person,
    text,
    the_id,
    words,
)
from apps.clio.queries.records.kinds.lines import line_reach, ways_to_lines
from apps.clio.queries.records.reach import RowTest, rows_of
from apps.core.scope import Scope

_IS_WHOLE = "seen.shown = seen.lines"


def _through_lines(scope: Scope) -> RowTest:
    """A bill is seen through its lines in scope; `seen` holds what they come to."""
    test = rows_of(line_reach("l", bill="r"))(scope)
    if not test.is_part:
        return test
    seen = f"""JOIN LATERAL (
        SELECT count(*) AS lines, count(*) FILTER (WHERE inside) AS shown,
               sum(sub_total) FILTER (WHERE inside) AS sub_total, sum(total) FILTER (WHERE inside) AS total,
               sum(tax) FILTER (WHERE inside) AS tax, sum(secondary_tax) FILTER (WHERE inside) AS secondary_tax,
               sum(sub_total) FILTER (WHERE inside AND kind = 'Service') AS services,
               array_agg(DISTINCT matter) FILTER (WHERE inside AND matter IS NOT NULL) AS matter_ids
        FROM (
            SELECT l.kind, l.sub_total, l.total, l.tax, l.secondary_tax, m.clio_id AS matter,
                   ({test.condition}) IS TRUE AS inside
            FROM clio_line_items l {test.joins}
            WHERE l.firm_id = %(firm)s AND l.bill_id = r.clio_id AND (l.gone_at IS NULL OR r.gone_at IS NOT NULL)
        ) line
    ) seen ON seen.shown > 0"""
    return RowTest(joins=seen, values=test.values, is_part=True)


def _cut(name: str, of_lines: str = "NULL::numeric", help_text: str = "") -> Field:
    """An amount: the bill's where all its lines are seen, else what the lines seen come to, or nothing."""
    part = f"CASE WHEN {_IS_WHOLE} THEN r.{name} ELSE {of_lines} END"
    return money(name, help_text or "null on a cut bill" if of_lines.startswith("NULL") else help_text, part_sql=part)


def _whole_words(name: str) -> Field:
    return words(name, "null on a cut bill", part_sql=f"CASE WHEN {_IS_WHOLE} THEN r.{name} END")


BILLS = RecordKind(
    name="bills",
    one="bill",
    about=(
        "Bills to clients. Whoever sees a part of the firm sees a bill through its lines in scope: where some of them "
        "are out of scope, `is_cut` is true, amounts are sums of the lines in scope, and what no line tells is null."
    ),
    table="clio_bills",
    scope=_through_lines,
    fields=(
        bill_number("number"),
        text("type"),
        text("kind", "a `trust_kind` asks for trust money and is no revenue"),
        text("state", "`draft`, `awaiting_approval`, `awaiting_payment`, `paid`, `void` or `deleted`"),
        Field("is_cut", Kind.FLAG, "some lines are out of scope", sql="false", part_sql=f"NOT ({_IS_WHOLE})"),
        _whole_words("subject"),
        _whole_words("memo"),
        day("issued_at"),
        day("due_at"),
        day("start_at"),
        day("end_at"),
        instant("paid_at", "last payment"),
        instant("last_sent_at"),
        _cut("sub_total", "seen.sub_total"),
        _cut("total", "seen.total"),
        _cut("total_tax", "coalesce(seen.tax, 0) + coalesce(seen.secondary_tax, 0)"),
        _cut("tax_sum", "seen.tax"),
        _cut("secondary_tax_sum", "seen.secondary_tax"),
        _cut("services_sub_total", "seen.services"),
        _cut("due"),
        _cut("balance"),
        _cut("paid"),
        _cut("pending"),
        _cut("credits_issued"),
        _cut("interest_total"),
        _cut("interest_balance"),
        _cut("discount_rate", help_text="percent or an amount, by its type; null on a cut bill"),
        text("discount_type", "`percentage` or `money`"),
        flag("shared"),
        the_id("client_id"),
        client("client_name", of="r.client_id"),
        ids(
            "matter_ids",
            "on a cut bill those of the lines in scope",
            part_sql=f"CASE WHEN {_IS_WHOLE} THEN r.matter_ids ELSE seen.matter_ids END",
        ),
        the_id("user_id"),
        person("user_name", of="r.user_id"),
        the_id("original_bill_id"),
        text("currency", "ISO 4217 code", sql="r.currency_code"),
        *MADE,
    ),
    filters=(
        is_text("state", "draft", "awaiting_approval", "awaiting_payment", "paid", "void", "deleted"),
        one_of("client_id"),
        *between_days("issued_at"),
        *between_days("due_at"),
    ),
    sorts=(
        by_day("issued_at"),
        by_day("due_at"),
        Sort("number", Kind.TEXT, "r.sought_number", hides=Hides.CLIENTS_WORDS),
        BY_UPDATE,
    ),
    sought=(Sought("its number", "r.sought_number", hides=Hides.CLIENTS_WORDS),),
    default_sort="-issued_at",
    ways=ways_to_lines(key="bill_id", of_clients=by_column("clio_bills", "client_id")),
)
