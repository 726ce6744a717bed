"""Tasks, mirrored."""

from apps.clio.models.columns import amount, day, flag, identifier, instant, sought, text
from apps.clio.models.mirrored import Mirrored, listed_by


class Task(Mirrored):
    """A piece of work to do. The unit of `time_estimated` is not told; whole numbers and decimals fit."""

    name = text()
    status = text()
    priority = text()
    due_at = day()
    completed_at = instant()
    statute_of_limitations = flag()
    time_estimated = amount()
    time_entries_count = identifier()
    permission = text()
    matter_id = identifier()
    matter_display_number = text()
    task_type_id = identifier()
    task_type_name = text()
    assigner_id = identifier()
    assigner_name = text()
    assignee_id = identifier()
    assignee_type = text()
    assignee_name = text()
    # Ours, for finding them by the beginning of a name or number.
    sought_name = sought("name")

    class Meta(Mirrored.Meta):
        db_table = "clio_tasks"
        indexes = [
            listed_by("clio_tasks", "due_at"),
            listed_by("clio_tasks", "matter_id"),
            listed_by("clio_tasks", "assignee_id"),
            listed_by("clio_tasks", "updated_at"),
            listed_by("clio_tasks", "changed_at"),
            listed_by("clio_tasks", "sought_name"),
        ]
