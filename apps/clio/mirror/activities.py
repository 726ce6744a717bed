"""Time and expense entries. Whether the plain list holds written-off ones is not told: they are asked for as well."""

from apps.clio.mirror.declaration import Derived, Entity
from apps.clio.models import Activity

ACTIVITIES = Entity(
    name="activities",
    model=Activity,
    fields=(
        "id,etag,type,date,quantity,rounded_quantity,quantity_in_hours,rounded_quantity_in_hours,"
        "quantity_redacted,price,total,non_billable,non_billable_total,no_charge,flat_rate,contingency_fee,"
        "billed,on_bill,note,reference,tax_setting,created_at,updated_at,user{id,name},matter{id,display_number},"
        "activity_description{id,name},expense_category{id,name},bill{id,number,state},vendor{id,name},task{id},"
        "calendar_entry{id}"
    ),
    derived=(
        # What an entry was worth before a bill took it: written down amounts are measured against it.
        Derived(
            "unbilled_total",
            when_new="CASE WHEN batch.on_bill IS FALSE THEN batch.total END",
            when_known="CASE WHEN excluded.on_bill IS FALSE THEN excluded.total ELSE mirror.unbilled_total END",
        ),
    ),
    optional_fields="currency{id,code}",
    variants=({}, {"status": "written_off"}),
    windows=("start_date", "end_date"),
    webhook_model="activity",
    webhook_fields=(
        "id,etag,updated_at,type,date,quantity,price,total,non_billable,billed,on_bill,user{id},matter{id},bill{id}"
    ),
    needs=("users", "matters"),
    serves_first=True,
    history=("non_billable", "no_charge", "written_off"),
    ledger_date="date",
    ours=("written_off",),
    moves_money=True,
)
