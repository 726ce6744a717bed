"""Unbilled work by client, by Clio's own sum: no `updated_since`, replaced whole once a day."""

from apps.clio.mirror.declaration import Entity, Trace
from apps.clio.models import BillableClient

BILLABLE_CLIENTS = Entity(
    name="billable_clients",
    model=BillableClient,
    fields=(
        "id,name,unbilled_hours,unbilled_amount,amount_in_trust,billable_matters_count,"
        "billable_matters{id,unbilled_hours,unbilled_amount,amount_in_trust}"
    ),
    order="",
    page_size=25,
    since=False,
    by_ids=False,
    snapshot=True,
    every_hours=24,
    trace=Trace.SNAPSHOT,
)
