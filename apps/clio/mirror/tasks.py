"""Tasks."""

from apps.clio.mirror.declaration import Entity
from apps.clio.models import Task

TASKS = Entity(
    name="tasks",
    model=Task,
    fields=(
        "id,etag,name,status,priority,due_at,completed_at,statute_of_limitations,time_estimated,"
        "time_entries_count,permission,created_at,updated_at,matter{id,display_number},task_type{id,name},"
        "assigner{id,name},assignee{id,type,name}"
    ),
    webhook_model="task",
    webhook_fields="id,etag,updated_at,name,status,due_at,completed_at,matter{id}",
    ledger_date="due_at",
    needs=("matters",),
)
