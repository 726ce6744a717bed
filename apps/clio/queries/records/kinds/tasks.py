"""Work to be done."""

from apps.clio.queries.records.declaration import Hides, Kind, RecordKind, Sort, Sought
from apps.clio.queries.records.fields import (
    BY_UPDATE,
    MADE,
    between_days,
    day,
    flag,
    instant,
    is_text,
    matter,
    number,
    one_of,
    person,
    text,
    the_id,
    words,
)
from apps.clio.queries.records.reach import Reach, rows_of

_PERSON = "CASE WHEN r.assignee_type = 'User' THEN r.assignee_id END"

TASKS = RecordKind(
    name="tasks",
    one="task",
    about="Work to be done. A task is of the user it is assigned to.",
    table="clio_tasks",
    scope=rows_of(Reach(timekeeper=_PERSON)),
    fields=(
        words("name"),
        text("status", "`pending`, `in_progress`, `in_review`, `complete` or `draft`"),
        text("priority"),
        day("due_at"),
        instant("completed_at"),
        flag("statute_of_limitations"),
        number("time_estimated", "in the unit Clio sends, which it does not tell"),
        number("time_entries_count"),
        text("permission", "Clio's own rule of who may see it there"),
        the_id("matter_id"),
        matter("matter_display_number", of="r.matter_id"),
        the_id("task_type_id"),
        text("task_type_name"),
        the_id("assigner_id"),
        person("assigner_name", of="r.assigner_id"),
        the_id("assignee_id"),
        text("assignee_type", "`User` or `Contact`"),
        person("assignee_name", of=_PERSON, sql=f"CASE WHEN ({_PERSON}) IS NOT NULL THEN r.assignee_name END"),
        *MADE,
    ),
    filters=(
        is_text("status", "pending", "in_progress", "in_review", "complete", "draft"),
        one_of("matter_id"),
        one_of("assignee_id"),
        *between_days("due_at"),
    ),
    sorts=(Sort("due_at", Kind.DAY), BY_UPDATE),
    sought=(Sought("its name", "r.sought_name", hides=Hides.CLIENTS_WORDS),),
)
