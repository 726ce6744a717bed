"""Change a firm's choices where the definitions of its numbers leave one."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from apps.core import audit
from apps.core.tenancy import tenant
from apps.reports import models
from apps.reports.contracts.kept import FirmRules
from apps.reports.queries.kept import PAYMENT_ALLOCATION, RULES, get_rules
from apps.reports.services.change_kept_table import raise_version, take_version
from apps.reports.services.request_rebuild import request_rebuild


def change_rules(
    *, firm_id: int, actor_id: int, changes: Mapping[str, Any], if_version: int | None, now: datetime
) -> FirmRules:
    """Set the named rules; figures asked for from now on follow. Another spreading of payments rebuilds the ledger.

    changes: by the names of FirmRules, checked by the caller. What is set already changes and records nothing. Raises
    SettingsChanged.
    """
    with tenant(firm_id):
        version = take_version(firm_id, RULES, if_version=if_version, now=now, is_dry_run=False)
        before = get_rules(firm_id=firm_id)
        after = replace(before, **changes)
        if after == before:
            return before
        cells = {name: value for name, value in asdict(after).items() if name != "version"}
        models.Rules.objects.update_or_create(firm_id=firm_id, defaults=cells)
        changed = {name for name in cells if getattr(before, name) != getattr(after, name)}
        audit.record(
            "reports.rules_changed",
            firm_id=firm_id,
            user_id=actor_id,
            target="settings:rules",
            version=version + 1,
            before={name: str(getattr(before, name)) for name in sorted(changed)},
            after={name: str(getattr(after, name)) for name in sorted(changed)},
        )
        raise_version(firm_id, RULES, actor_id=actor_id, now=now)
        if PAYMENT_ALLOCATION in changed:
            raise_version(firm_id, PAYMENT_ALLOCATION, actor_id=actor_id, now=now)
            request_rebuild(firm_id=firm_id, now=now)
        return get_rules(firm_id=firm_id)
