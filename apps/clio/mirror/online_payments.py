"""Payments through Clio Payments. The list knows no `updated_since`: read whole once a day, webhooks come between."""

from apps.clio.mirror.declaration import Entity, Trace
from apps.clio.models import OnlinePayment

ONLINE_PAYMENTS = Entity(
    name="online_payments",
    endpoint="clio_payments/payments",
    model=OnlinePayment,
    fields=(
        "id,state,amount,currency,description,confirmation_number,deposit_as_revenue,created_at,updated_at,"
        "contact{id,name},destination_account{id,name,type},user{id,name},bank_transaction{id,date,amount},"
        "allocations{id,amount,date},bills{id,number},matters{id,display_number}"
    ),
    order="",
    since=False,
    every_hours=24,
    trace=Trace.STATE,
    webhook_model="clio_payments_payment",
    webhook_fields="id,updated_at,state,amount",
    id_lists={"bills": "bill_ids", "matters": "matter_ids"},
)
