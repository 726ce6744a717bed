"""Reads of which of an entity's optional fields the firm's Clio takes."""

from apps.clio.models import OptionalFields
from apps.core.tenancy import tenant


def list_taken_fields(*, firm_id: int, entity: str, asked: str) -> tuple[str, ...]:
    """Return the names found to be taken; none where that was not found out for just these.

    asked: the optional fields as they are declared now.
    """
    if not asked:
        return ()
    with tenant(firm_id):
        row = OptionalFields.objects.filter(firm_id=firm_id, entity=entity, asked=asked).first()
    return tuple(row.taken or ()) if row else ()
