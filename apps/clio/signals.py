"""What the clio app announces, after commit and best effort; what must not be missed is the mirror's version."""

from django.dispatch import Signal

# firm_id: int, entities: frozenset[str]. Rows of these entities changed since the last announcement.
mirror_changed = Signal()
# firm_id: int, kind: str ("full" or "incremental"). Every entity of a run was read to its end.
sync_completed = Signal()
