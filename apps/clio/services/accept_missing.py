"""An administrator says that records Clio no longer shows were deleted there, not hidden."""

from apps.clio.errors import EntityUnknown
from apps.clio.mirror import ENTITY_BY_NAME
from apps.clio.models import HeldRecord
from apps.clio.services.open_reconciliation import open_reconciliation
from apps.core import audit
from apps.core.errors import FieldFault
from apps.core.tenancy import tenant


def accept_missing(*, firm_id: int, actor_id: int | None, entity: str) -> int:
    """Let the held records of an entity be asked for once more and marked as gone; return how many they are.

    A comparison of the entity is opened, or the one under way takes them along if it has not come to the entity yet;
    else the next one does. Raises EntityUnknown, ClioNotConnected, ClioGrantRevoked.
    """
    if entity not in ENTITY_BY_NAME:
        fault = FieldFault(pointer="/entity", detail="There is no such kind of records.", code="unknown")
        raise EntityUnknown(faults=(fault,))
    with tenant(firm_id):
        held = HeldRecord.objects.filter(firm_id=firm_id, entity=entity, accepted_at=None)
        reconciliation = open_reconciliation(firm_id=firm_id, entities=(entity,))
        count = held.update(accepted_at=reconciliation.started_at)
        audit.record("clio.missing_accepted", firm_id=firm_id, user_id=actor_id, target=entity, count=count)
    return count
