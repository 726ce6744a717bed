"""Entries of calendars."""

from apps.clio.queries.records.declaration import Field, Hides, Kind, RecordKind, Sort, Sought
from apps.clio.queries.records.fields import (
    BY_UPDATE,
    MADE,
    between_instants,
    flag,
    instant,
    matter,
    number,
    one_of,
    person,
    text,
    the_id,
    words,
)
from apps.clio.queries.records.reach import Reach, rows_of

_OWNER = "coalesce(r.calendar_owner_id, r.calendar_owner_record_id)"
# Names of those invited stay out: they are people of the firm and of its clients alike.
_INVITED = """(
    SELECT jsonb_agg(jsonb_build_object('id', each->>'id', 'type', each->'type'))
    FROM jsonb_array_elements(CASE jsonb_typeof(r.attendees) WHEN 'array' THEN r.attendees END) each)"""

CALENDAR_ENTRIES = RecordKind(
    name="calendar_entries",
    one="calendar_entry",
    about=(
        "Entries of calendars, a series as one record. Clio names calendars, not their users: whoever sees a part of "
        "the firm sees the entries of the matters in scope."
    ),
    table="clio_calendar_entries",
    key_kind=Kind.KEY,
    scope=rows_of(Reach(by_attorney=True)),
    fields=(
        words("summary"),
        words("location"),
        instant("start_at"),
        instant("end_at"),
        flag("all_day"),
        text("recurrence_rule"),
        text("parent_calendar_entry_id"),
        flag("court_rule"),
        the_id("calendar_id", sql=_OWNER),
        text("calendar_type", "`UserCalendar`, `AdhocCalendar` or `AccountCalendar`", sql="r.calendar_owner_type"),
        person(
            "calendar_name",
            of="NULL::bigint",
            sql="r.calendar_owner_name",
            is_client="r.calendar_owner_type IS DISTINCT FROM 'UserCalendar'",
        ),
        text("event_type", sql="r.calendar_entry_event_type_name"),
        number("time_entries_count"),
        the_id("matter_id"),
        matter("matter_display_number", of="r.matter_id"),
        Field(
            "attendees",
            Kind.DOCUMENT,
            "who is invited",
            sql=_INVITED,
            shape=(text("id", "a calendar's or a contact's id"), text("type", "`Calendar` or `Contact`")),
        ),
        *MADE,
    ),
    filters=(one_of("matter_id"), *between_instants("start_at")),
    sorts=(Sort("start_at", Kind.INSTANT), BY_UPDATE),
    sought=(Sought("its summary", "r.sought_summary", hides=Hides.CLIENTS_WORDS),),
    default_sort="-start_at",
)
