"""People of the firm in Clio. Whether the plain list holds the disabled is not told: they are asked for as well."""

from apps.clio.mirror.declaration import Derived, Entity
from apps.clio.models import ClioUser

USERS = Entity(
    name="users",
    model=ClioUser,
    fields=(
        "id,etag,name,first_name,last_name,initials,email,enabled,account_owner,roles,subscription_type,rate,"
        "time_zone,clio_connect,created_at,updated_at,account{id,name},job_title{id,name},groups{id,name,type}"
    ),
    page_size=2000,
    variants=({}, {"enabled": "false"}),
    derived=(
        Derived(
            "disabled_on",
            when_new="CASE WHEN batch.enabled IS FALSE THEN current_date END",
            when_known="CASE WHEN excluded.enabled IS FALSE THEN coalesce(mirror.disabled_on, current_date) END",
        ),
    ),
)
