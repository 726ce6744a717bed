"""Unbilled work by matter, by Clio's own sum: no `updated_since`, replaced whole once a day."""

from apps.clio.mirror.declaration import Entity, Trace
from apps.clio.models import BillableMatter

BILLABLE_MATTERS = Entity(
    name="billable_matters",
    model=BillableMatter,
    fields="id,display_number,unbilled_hours,unbilled_amount,amount_in_trust,client{id,name}",
    optional_fields="currency_id",
    order="",
    page_size=1000,
    since=False,
    by_ids=False,
    snapshot=True,
    every_hours=24,
    trace=Trace.SNAPSHOT,
)
