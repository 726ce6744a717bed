"""Interest charges. The list documents no order; it is read in Clio's own."""

from apps.clio.mirror.declaration import Entity
from apps.clio.models import InterestCharge

INTEREST_CHARGES = Entity(
    name="interest_charges",
    model=InterestCharge,
    fields=(
        "id,etag,date,description,total,created_at,updated_at,bill{id,number,state},balances{id,amount,type},"
        "matters{id,display_number}"
    ),
    order="",
    id_lists={"matters": "matter_ids"},
    needs=("bills",),
    serves_first=True,
    ledger_date="date",
    moves_money=True,
)
