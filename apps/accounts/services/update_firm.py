"""Change a firm's settings."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from apps.accounts.contracts import FirmProfile
from apps.accounts.models import Firm
from apps.accounts.queries.firms import profile_of
from apps.accounts.services.firm_lock import lock_firm
from apps.accounts.signals import firm_changed
from apps.core import audit
from apps.core.tenancy import tenant


def update_firm(*, firm_id: int, actor_id: int, changes: Mapping[str, Any], ip: str | None) -> FirmProfile:
    """Set the named fields; whatever is computed from now on is computed with them. Announces firm_changed.

    changes: by the names of Firm's fields, checked by the caller. Old and new values are in the trail; setting what is
    set already changes and records nothing.
    """
    with tenant(firm_id):
        firm = lock_firm(firm_id)
        changed = {name: value for name, value in changes.items() if getattr(firm, name) != value}
        if changed:
            before = {name: str(getattr(firm, name)) for name in changed}
            for name, value in changed.items():
                setattr(firm, name, value)
            firm.save(update_fields=list(changed))
            audit.record(
                "accounts.firm_changed",
                firm_id=firm_id,
                user_id=actor_id,
                target=f"firm:{firm_id}",
                ip=ip,
                before=before,
                after={name: str(value) for name, value in changed.items()},
            )
            transaction.on_commit(lambda: _announce(firm_id), robust=True)
        return profile_of(firm)


def _announce(firm_id: int) -> None:
    firm_changed.send(sender=Firm, firm_id=firm_id)
