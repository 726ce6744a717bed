"""Find out, once per firm and entity, which optional fields Clio takes: an unknown one refuses the whole request."""

from django.utils import timezone

from apps.clio.errors import ClioRequestRefused
from apps.clio.mirror import Entity
from apps.clio.models import OptionalFields
from apps.clio.queries.optional_fields import list_taken_fields
from apps.clio.vendors.clio_api import ClioApi
from apps.core.tenancy import tenant

_UNKNOWN_FIELD = 400


def probe_fields(api: ClioApi, entity: Entity, *, firm_id: int) -> tuple[str, ...]:
    """Return the optional fields to ask for; ask Clio where that is not known for just these fields.

    All at once first, one by one only where Clio refuses. Raises what Clio's calls raise.
    """
    if not entity.optional_fields:
        return ()
    with tenant(firm_id):
        known = OptionalFields.objects.filter(firm_id=firm_id, entity=entity.name, asked=entity.optional_fields)
        if known.exists():
            return list_taken_fields(firm_id=firm_id, entity=entity.name, asked=entity.optional_fields)
    names = entity.optional_names
    taken = names if _takes(api, entity, names) else ()
    if not taken and len(names) > 1:
        taken = tuple(name for name in names if _takes(api, entity, (name,)))
    with tenant(firm_id):
        OptionalFields.objects.update_or_create(
            firm_id=firm_id,
            entity=entity.name,
            defaults={"asked": entity.optional_fields, "taken": list(taken), "probed_at": timezone.now()},
        )
    return taken


def _takes(api: ClioApi, entity: Entity, names: tuple[str, ...]) -> bool:
    wanted = entity.parameters(0, taken=names) | ({} if entity.is_single else {"limit": "1"})
    try:
        api.get_page(api.list_url(entity.endpoint, wanted))
    except ClioRequestRefused as refusal:
        if refusal.status != _UNKNOWN_FIELD or len(names) == 0:
            raise
        return False
    return True
