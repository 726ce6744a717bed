"""Credit memos; by default Clio orders them by date, which a cursor cannot follow."""

from apps.clio.mirror.declaration import Entity, Trace
from apps.clio.models import CreditMemo

CREDIT_MEMOS = Entity(
    name="credit_memos",
    model=CreditMemo,
    fields=(
        "id,etag,date,amount,description,discount,voided_at,created_at,updated_at,user{id,name},contact{id,name},"
        "allocations{id,amount,date,interest,voided_at}"
    ),
    trace=Trace.VOIDED,
    serves_first=True,
    ledger_date="date",
    moves_money=True,
)
