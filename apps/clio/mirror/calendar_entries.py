"""Calendar entries: a series is one record, as `expanded` is not asked for. Read in Clio's own order."""

from apps.clio.mirror.declaration import Entity
from apps.clio.models import CalendarEntry

CALENDAR_ENTRIES = Entity(
    name="calendar_entries",
    model=CalendarEntry,
    fields=(
        "id,etag,summary,location,start_at,end_at,all_day,recurrence_rule,parent_calendar_entry_id,"
        "court_rule,calendar_owner_id,time_entries_count,created_at,updated_at,matter{id,display_number},"
        "calendar_owner{id,name,type},calendar_entry_event_type{id,name},attendees{id,type,name}"
    ),
    order="",
    webhook_model="calendar_entry",
    webhook_fields="id,etag,updated_at,summary,start_at,end_at,all_day,matter{id}",
    needs=("matters",),
)
