"""Bills. Whether the plain list holds void and deleted ones is not told: they are asked for as well."""

from apps.clio.mirror.declaration import Entity, Trace
from apps.clio.models import Bill

BILLS = Entity(
    name="bills",
    model=Bill,
    fields=(
        "id,etag,number,type,kind,state,subject,memo,issued_at,due_at,start_at,end_at,paid_at,last_sent_at,total,"
        "sub_total,due,balance,paid,pending,credits_issued,tax_rate,secondary_tax_rate,tax_sum,secondary_tax_sum,"
        "total_tax,services_sub_total,services_tax,services_secondary_tax,discount_services_only,shared,"
        "created_at,updated_at,user{id,name},client{id,name},matters{id,display_number},matter_totals{id,amount},"
        "balances{id,type,amount,interest_amount,due},discount{rate,type},"
        "interest{balance,total,rate,period,type},currency{id,code},group{id,name},original_bill{id,number},"
        "destination_account{id,name}"
    ),
    variants=({}, {"state": "void"}, {"state": "deleted"}),
    id_lists={"matters": "matter_ids"},
    windows=("issued_after", "issued_before"),
    trace=Trace.STATE,
    webhook_model="bill",
    webhook_fields="id,etag,updated_at,number,state,issued_at,due_at,total,balance,paid,paid_at",
    needs=("matters",),
    serves_first=True,
    history=("state", "issued_at", "due_at", "client_id"),
    ledger_date="issued_at",
    moves_money=True,
)
