"""Currencies. The list documents no order; it is read in Clio's own."""

from apps.clio.mirror.declaration import Entity
from apps.clio.models import Currency

CURRENCIES = Entity(
    name="currencies",
    model=Currency,
    fields="id,etag,code,sign,created_at,updated_at",
    order="",
)
