"""Movements of trust money on bills."""

from apps.clio.mirror.declaration import Entity
from apps.clio.models import TrustLineItem

TRUST_LINE_ITEMS = Entity(
    name="trust_line_items",
    model=TrustLineItem,
    fields=("id,etag,date,total,note,created_at,updated_at,bill{id,number},matter{id,display_number},client{id,name}"),
    ledger_date="date",
    needs=("bills",),
    moves_money=True,
)
