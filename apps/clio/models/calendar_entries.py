"""Calendar entries, mirrored."""

from django.db import models

from apps.clio.models.columns import document, flag, identifier, instant, sought, text
from apps.clio.models.mirrored import Mirrored, listed_by


class CalendarEntry(Mirrored):
    """An entry of a calendar, a series as one record. Its id is text; whether a parent's is, is not told."""

    clio_id = models.TextField()  # type: ignore[assignment]  # the one entity whose ids are text
    summary = text()
    location = text()
    start_at = instant()
    end_at = instant()
    all_day = flag()
    recurrence_rule = text()
    parent_calendar_entry_id = text()
    court_rule = flag()
    calendar_owner_id = identifier()
    time_entries_count = identifier()
    matter_id = identifier()
    matter_display_number = text()
    calendar_owner_record_id = identifier()
    calendar_owner_name = text()
    calendar_owner_type = text()
    calendar_entry_event_type_id = identifier()
    calendar_entry_event_type_name = text()
    attendees = document()
    # Ours, for finding them by the beginning of a name or number.
    sought_summary = sought("summary")

    class Meta(Mirrored.Meta):
        db_table = "clio_calendar_entries"
        indexes = [
            listed_by("clio_calendar_entries", "start_at"),
            listed_by("clio_calendar_entries", "matter_id"),
            listed_by("clio_calendar_entries", "updated_at"),
            listed_by("clio_calendar_entries", "changed_at"),
            listed_by("clio_calendar_entries", "sought_summary"),
        ]
