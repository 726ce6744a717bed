"""Tasks of matters."""

from collections.abc import Iterable

from apps.clio.sandbox.entities import shapes
from apps.clio.sandbox.entities.entity import Embedded, Entity, Nested, Recorded, Row
from apps.clio.sandbox.entities.filters import (
    Filter,
    Test,
    contains,
    flag,
    flag_of,
    has_part,
    on_or_after,
    on_or_before,
    one_of,
    points_to,
    says,
    through,
)  # fmt: skip
from apps.clio.sandbox.entities.lookups import Lookups
from apps.clio.sandbox.firm.agenda import Task
from apps.clio.sandbox.firm.records import Firm, Person
from apps.clio.sandbox.fragments import FLAGS, NULL, TEXT, etag, instant, optional_day, optional_stamp, stamp

STATES = ("pending", "in_progress", "in_review", "complete", "draft")
PRIORITIES = {"high": "High", "normal": "Normal", "low": "Low"}


def _rows(firm: Firm, lookups: Lookups) -> Iterable[Recorded]:
    people: dict[int, Embedded] = {}
    for task in firm.tasks:
        assignee = people.get(task.assignee.id) or people.setdefault(task.assignee.id, participant(task.assignee))
        yield _row(task, assignee, lookups), instant(task.created), instant(task.updated)


def participant(person: Person) -> Embedded:
    """Return a user as somebody a task is assigned to."""
    return Embedded(id=str(person.id), type=TEXT["User"], identifier=TEXT[person.name], name=TEXT[person.name],
                    enabled=FLAGS[person.last_day is None])  # fmt: skip


def _row(task: Task, assignee: Embedded, lookups: Lookups) -> Row:
    return (
        task.id, etag(task.id, task.updated), TEXT[task.name], TEXT[task.state], NULL, TEXT["plain_text"],
        TEXT[task.priority], optional_day(task.due), TEXT["public"], optional_stamp(task.done), FLAGS[0],
        FLAGS[task.is_limitation], NULL if task.estimate is None else str(task.estimate), str(task.entries),
        stamp(task.created), stamp(task.updated),
        lookups.task_types[task.kind], task.assigner.id, task.matter.id, assignee,
    )  # fmt: skip


def _complete(entity: Entity) -> Test:
    at, word = entity.positions["status"], TEXT["complete"]
    return lambda row: row[at] == word


def _has_due(entity: Entity) -> Test:
    at = entity.positions["due_at"]
    return lambda row: row[at] != NULL


def _has_entries(entity: Entity) -> Test:
    at = entity.positions["time_entries_count"]
    return lambda row: row[at] != "0"


def _assignee_type(entity: Entity, text: str) -> Test:
    """Everybody here is a user; contacts get no tasks."""
    return lambda row: one_of(text, ("user", "contact")) == "user"


TASKS = Entity(
    name="tasks",
    scalars=(
        "id", "etag", "name", "status", "description", "description_text_type", "priority", "due_at", "permission",
        "completed_at", "notify_completion", "statute_of_limitations", "time_estimated", "time_entries_count",
        "created_at", "updated_at",
    ),
    nested={
        "task_type": Nested(shapes.TASK_TYPE),
        "assigner": Nested(target="users"),
        "matter": Nested(target="matters"),
        "assignee": Nested(shapes.PARTICIPANT),
        "time_entries": Nested(target="activities", many=True, back="task"),
        "reminders": Nested(shapes.REMINDER, many=True, is_kept=False),
    },
    filters={
        "assignee_id": has_part("assignee", "id"),
        "assignee_type": Filter(_assignee_type),
        "assigner_id": points_to("assigner"),
        "client_id": through("matter", "client"),
        "complete": flag_of(_complete),
        "due_at_from": on_or_after("due_at"),
        "due_at_present": flag_of(_has_due),
        "due_at_to": on_or_before("due_at"),
        "matter_id": points_to("matter"),
        "permission": says("permission", {"private": "private", "public": "public"}),
        "priority": says("priority", PRIORITIES),
        "query": contains("name"),
        "responsible_attorney_id": through("matter", "responsible_attorney"),
        "status": says("status", {state: state for state in STATES}),
        "statuses[]": says("status", {state: state for state in STATES}),
        "statute_of_limitations": flag("statute_of_limitations"),
        "task_type_id": has_part("task_type", "id"),
        "time_entries_present": flag_of(_has_entries),
    },
    ignored=("cascading_source_id",),
    orders=("name", "priority", "due_at", "completed_at", "task_type.name", "matter.display_number"),
    order_paths={"due_at_strict": "due_at"},
    rows=_rows,
)  # fmt: skip
