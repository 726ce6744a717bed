"""Custom rates of users and groups. The list documents no order; it is read in Clio's own."""

from apps.clio.mirror.declaration import Entity
from apps.clio.models import ActivityRate

ACTIVITY_RATES = Entity(
    name="activity_rates",
    model=ActivityRate,
    fields=(
        "id,etag,rate,flat_rate,contact_id,co_counsel_contact_id,created_at,updated_at,user{id,name},group{id,name}"
    ),
    order="",
    needs=("users",),
)
