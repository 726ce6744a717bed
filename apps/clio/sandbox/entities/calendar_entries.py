"""Calendar entries. Their ids are texts; repeated ones come once, or with expanded=true once per occurrence."""

from collections.abc import Iterable

from apps.clio.sandbox.entities import shapes
from apps.clio.sandbox.entities.entity import Embedded, Entity, Nested, Recorded, Row
from apps.clio.sandbox.entities.filters import (
    contains,
    flag,
    has_part,
    instant_not_after,
    instant_not_before,
    points_to,
)  # fmt: skip
from apps.clio.sandbox.entities.lookups import TIME_ZONE, Lookups
from apps.clio.sandbox.firm.agenda import Event
from apps.clio.sandbox.firm.records import Firm
from apps.clio.sandbox.fragments import DAY, FLAGS, NULL, TEXT, etag, instant, optional_text, stamp


def _rows(firm: Firm, lookups: Lookups) -> Iterable[Recorded]:
    for event in firm.events:
        yield _row(event, lookups), instant(event.created), instant(event.created)


def _row(event: Event, lookups: Lookups) -> Row:
    calendar = lookups.calendars[event.owner.id]
    return (
        event.id, etag(event.id, event.created), TEXT[event.summary], NULL, optional_text(event.place),
        stamp(event.start), DAY[event.start // 86_400], _clock(event.start), stamp(event.end),
        DAY[event.end // 86_400], _clock(event.end), FLAGS[event.all_day], optional_text(event.rule), NULL,
        FLAGS[event.is_court], stamp(event.created), stamp(event.created), TEXT["editor"], calendar.fragments["id"],
        TEXT[TIME_ZONE], str(event.entries),
        event.matter.id if event.matter is not None else None, calendar, lookups.event_types[event.kind],
        _attendees(event, lookups), (calendar,),
    )  # fmt: skip


def _clock(moment: int) -> str:
    second = moment % 86_400
    return f'"{second // 3600:02d}:{second // 60 % 60:02d}"'


def _attendees(event: Event, lookups: Lookups) -> tuple[Embedded, ...]:
    found = [
        Embedded(**{**lookups.calendars[person.id].fragments, "type": TEXT["Calendar"], "enabled": FLAGS[1]})
        for person in event.people
    ]
    found += [
        Embedded(id=str(guest.id), type=TEXT["Contact"], name=TEXT[guest.name], enabled=FLAGS[1],
                 email=f'"contact{guest.id}@mail.example"')
        for guest in event.guests
    ]  # fmt: skip
    return tuple(found)


CALENDAR_ENTRIES = Entity(
    name="calendar_entries",
    scalars=(
        "id", "etag", "summary", "description", "location", "start_at", "start_date", "start_time", "end_at",
        "end_date", "end_time", "all_day", "recurrence_rule", "parent_calendar_entry_id", "court_rule", "created_at",
        "updated_at", "permission", "calendar_owner_id", "start_at_time_zone", "time_entries_count",
    ),
    nested={
        "matter": Nested(target="matters"),
        "calendar_owner": Nested(shapes.CALENDAR),
        "calendar_entry_event_type": Nested(shapes.CALENDAR_ENTRY_EVENT_TYPE),
        "attendees": Nested(shapes.ATTENDEE, many=True),
        "calendars": Nested(shapes.CALENDAR, many=True),
        "time_entries": Nested(target="activities", many=True, back="calendar_entry"),
        "parent_calendar_entry": Nested(target="calendar_entries", is_kept=False),
        "conference_meeting": Nested(shapes.CONFERENCE_MEETING, is_kept=False),
        "matter_docket": Nested(shapes.MATTER_DOCKET, is_kept=False),
        "reminders": Nested(shapes.REMINDER, many=True, is_kept=False),
        "external_properties": Nested(shapes.EXTERNAL_PROPERTY, many=True, is_kept=False),
    },
    filters={
        "calendar_id": has_part("calendar_owner", "id"),
        "from": instant_not_before("end_at"),
        "to": instant_not_after("start_at"),
        "has_court_rule": flag("court_rule"),
        "is_all_day": flag("all_day"),
        "matter_id": points_to("matter"),
        "query": contains("summary", "location"),
    },
    ignored=(
        "expanded", "external_property_name", "external_property_value", "owner_entries_across_all_users", "source",
        "visible",
    ),
    has_text_id=True,
    rows=_rows,
)  # fmt: skip
