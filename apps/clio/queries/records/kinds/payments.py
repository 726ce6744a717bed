"""Payments: Clio has no list of them, so allocations are put together by the payment they come from."""

from apps.clio.queries.records.candidates import Ways, by_link, by_matter, of_no_matter
from apps.clio.queries.records.declaration import Field, Filter, Kind, RecordKind
from apps.clio.queries.records.fields import client, day, flag, instant, money, plain_number, text, the_id, words
from apps.clio.queries.records.reach import Reach, rows_of, worked_out

_TABLE = "clio_allocations"
_IS_PAYMENTS = "{row}.parent_id IS NOT NULL AND {row}.parent_type IS DISTINCT FROM 'CreditMemo'"
_OF_A_PAYMENT = """r.parent_id IN (
    SELECT s.parent_id FROM clio_allocations s WHERE s.firm_id = %(firm)s AND {test})"""
_ALLOCATIONS = """jsonb_agg(jsonb_build_object(
    'id', r.clio_id, 'date', r.date, 'amount', r.amount::text, 'interest', r.interest, 'bill_id', r.bill_id,
    'bill_number', r.bill_number, 'matter_id', r.matter_id, 'voided_at', r.voided_at) ORDER BY r.clio_id)"""


def _any(column: str) -> str:
    return f"(array_agg(r.{column} ORDER BY r.clio_id))[1]"


def _filter(name: str, kind: Kind, test: str, help_text: str = "") -> Filter:
    """A filter of payments by one of their allocations; the whole payment is shown. test: over `row`.

    The first half finds payments by an index, the second holds it to the allocations that may be seen.
    """
    found = _OF_A_PAYMENT.format(test=test.replace("row.", "s."))
    return Filter(name, kind, found, help_text, having=f"bool_or({test.replace('row.', 'r.')})")


_IDS = "one id, or several by commas; the whole payment is shown"
PAYMENTS = RecordKind(
    name="payments",
    one="payment",
    about=(
        "Payments, put together from what was laid against bills; a part of one that is on no bill is not in it. "
        "Whoever sees a part of the firm sees what went to matters wholly in scope: whose work money paid is no record "
        "of Clio's."
    ),
    table=_TABLE,
    # Told as text or as a number, nobody has seen which; all that is no credit memo's is a payment's.
    condition=_IS_PAYMENTS.format(row="r"),
    key="r.parent_id",
    is_grouped=True,
    scope=rows_of(
        Reach(
            matter="own.matter_id",
            client="b.client_id",
            joins=" LEFT JOIN clio_bills b ON b.firm_id = %(firm)s AND b.clio_id = r.bill_id"
            + worked_out("coalesce(r.matter_id, CASE WHEN cardinality(b.matter_ids) = 1 THEN b.matter_ids[1] END)"),
        )
    ),
    fields=(
        day("date", "of its first allocation", sql="min(r.date)"),
        money(
            "amount",
            "laid against bills, without what was voided",
            sql="sum(r.amount) FILTER (WHERE r.voided_at IS NULL)",
        ),
        instant(
            "voided_at",
            "where all of it was voided",
            sql="CASE WHEN bool_and(r.voided_at IS NOT NULL) THEN max(r.voided_at) END",
        ),
        text("payment_type", sql=_any("payment_type")),
        flag("has_online_payment", sql="bool_or(r.has_online_payment)"),
        words("identifier", sql=_any("parent_identifier")),
        the_id("contact_id", "who paid", sql=_any("contact_id")),
        client("contact_name", of=_any("contact_id"), sql=_any("contact_name")),
        text("source_account_type", "`Operating` or `Trust`", sql=_any("source_bank_account_type")),
        Field(
            "allocations",
            Kind.DOCUMENT,
            "what went to which bill",
            sql=_ALLOCATIONS,
            nameless_sql=_ALLOCATIONS.replace("r.bill_number", plain_number("r.bill_number")),
            shape=(
                the_id("id"),
                day("date"),
                money("amount"),
                flag("interest"),
                the_id("bill_id"),
                text("bill_number"),
                the_id("matter_id"),
                instant("voided_at"),
            ),
        ),
        instant("created_at", "made in Clio", sql="min(r.created_at)"),
        instant("updated_at", "last changed in Clio", sql="max(r.updated_at)"),
    ),
    filters=(
        _filter("date_from", Kind.DAY, "row.date >= {value}", "with money laid against a bill on this day or later"),
        _filter("date_to", Kind.DAY, "row.date <= {value}", "with money laid against a bill on this day or before"),
        _filter("bill_id", Kind.ID, "row.bill_id = ANY({value}::bigint[])", _IDS),
        _filter("matter_id", Kind.ID, "row.matter_id = ANY({value}::bigint[])", _IDS),
    ),
    changed="max(r.changed_at)",
    gone="CASE WHEN bool_and(r.gone_at IS NOT NULL) THEN max(r.gone_at) END",
    updated_since=_filter("updated_since", Kind.INSTANT, "row.changed_at >= {value}"),
    ways=Ways(
        of_matters=(
            by_matter(_TABLE, key="parent_id"),
            of_no_matter(_TABLE, key="parent_id", given=_IS_PAYMENTS.format(row="c")),
        ),
        of_clients=(by_link("clio_bills", "client_id", _TABLE, "bill_id", key="parent_id"),),
    ),
)
