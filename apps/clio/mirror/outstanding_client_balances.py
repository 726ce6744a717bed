"""What clients owe by Clio's own sum: no `updated_since`, replaced whole once a day."""

from apps.clio.mirror.declaration import Entity, Trace
from apps.clio.models import OutstandingBalance

OUTSTANDING_CLIENT_BALANCES = Entity(
    name="outstanding_client_balances",
    model=OutstandingBalance,
    fields=(
        "id,etag,total_outstanding_balance,pending_payments_total,last_payment_date,last_shared_date,"
        "newest_issued_bill_due_date,associated_matter_ids,created_at,updated_at,contact{id,name},"
        "currency{id,code},outstanding_bills{id,number,balance,due_at}"
    ),
    order="",
    since=False,
    by_ids=False,
    snapshot=True,
    every_hours=24,
    trace=Trace.SNAPSHOT,
)
