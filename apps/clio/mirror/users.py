"""People of the firm in Clio. Whether the plain list holds the disabled is not told: they are asked for as well."""

from apps.clio.mirror.declaration import Derived, Entity, Trace
from apps.clio.models import ClioUser

USERS = Entity(
    name="users",
    model=ClioUser,
    fields=(
        "id,etag,name,first_name,last_name,initials,email,enabled,account_owner,roles,subscription_type,rate,"
        "time_zone,clio_connect,created_at,updated_at,account{id,name},job_title{id,name},groups{id,name,type}"
    ),
    page_size=2000,
    id_lists={"groups": "group_ids"},
    variants=({}, {"enabled": "false"}),
    derived=(
        # The very instant of first_synced_at for who was disabled from the first.
        Derived(
            "disabled_seen_at",
            when_new="CASE WHEN batch.enabled IS FALSE THEN statement_timestamp() END",
            when_known="CASE WHEN excluded.enabled IS FALSE "
            "THEN coalesce(mirror.disabled_seen_at, statement_timestamp()) END",
        ),
    ),
    trace=Trace.DISABLED,
    serves_first=True,
    history=("enabled", "rate", "subscription_type", "job_title_id"),
)
