"""Which entries were written off: Clio tells it by a filter of the list only."""

from apps.clio.models.mirrored import Snapshot


class WrittenOffActivity(Snapshot):
    """The id of an entry on Clio's list of written-off entries; `Activity.written_off` says the same in one place."""

    class Meta(Snapshot.Meta):
        db_table = "clio_written_off_activities"
