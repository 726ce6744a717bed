"""Allocations of payments and credits to bills; by default Clio orders them by date, which a cursor cannot follow."""

from apps.clio.mirror.declaration import Entity, Trace
from apps.clio.models import Allocation

ALLOCATIONS = Entity(
    name="allocations",
    model=Allocation,
    fields=(
        "id,etag,date,amount,interest,voided_at,description,payment_type,has_online_payment,created_at,"
        "updated_at,bill{id,number},matter{id},contact{id,name},"
        "parent{id,type,identifier,secondary_identifier,tertiary_identifier},source_bank_account{id,name,type},"
        "destination_bank_account{id,name,type}"
    ),
    trace=Trace.VOIDED,
    needs=("bills",),
    serves_first=True,
    ledger_date="date",
    moves_money=True,
)
