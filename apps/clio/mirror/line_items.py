"""Lines of all bills. The list documents no order; it is read in Clio's own."""

from apps.clio.mirror.declaration import Entity
from apps.clio.models import LineItem

LINE_ITEMS = Entity(
    name="line_items",
    model=LineItem,
    fields=(
        "id,etag,type,kind,date,description,note,price,quantity,sub_total,total,tax,secondary_tax,taxable,"
        "secondary_taxable,group_ordering,created_at,updated_at,bill{id,number,state},activity{id,type},"
        "matter{id,display_number},user{id,name},discount{rate,type}"
    ),
    order="",
    needs=("bills", "activities"),
    serves_first=True,
    ledger_date="date",
    moves_money=True,
)
