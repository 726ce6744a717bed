"""Which entries were written off. Clio has a filter for it and no field: the ids it lists set a column of ours."""

from apps.clio.mirror.activities import ACTIVITIES
from apps.clio.mirror.declaration import Entity, Trace
from apps.clio.models import WrittenOffActivity

WRITTEN_OFF_ACTIVITIES = Entity(
    name="written_off_activities",
    endpoint="activities",
    model=WrittenOffActivity,
    fields="id,etag",
    variants=({"status": "written_off"},),
    since=False,
    by_ids=False,
    snapshot=True,
    every_hours=24,
    trace=Trace.SNAPSHOT,
    needs=("activities",),
    marks=(ACTIVITIES, "written_off"),
)
