"""Categories of work, with the rates of the connected user. The list documents no order; it is read in Clio's own."""

from apps.clio.mirror.declaration import Entity
from apps.clio.models import ActivityDescription

ACTIVITY_DESCRIPTIONS = Entity(
    name="activity_descriptions",
    model=ActivityDescription,
    fields=(
        "id,etag,name,type,category_type,default,accessible_to_user,visible_to_co_counsel,utbms_activity_id,"
        "utbms_task_id,created_at,updated_at,rate{amount,non_billable_amount,type,hierarchy},groups{id}"
    ),
    optional_fields="currency{id,code}",
    order="",
    id_lists={"groups": "group_ids"},
)
