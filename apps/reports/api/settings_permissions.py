"""Who may see and change what a firm keeps: administrators write; rates and cost are read with their permission.

What people earn asks for the second factor anew, as the copies of a firm do, whichever way it is read: answers to a
change tell what was there before.
"""

from collections.abc import Mapping
from dataclasses import replace

from apps.core.permissions import ADMINS_ONLY, MEMBERS, Audience, Extra, Rule
from apps.core.scope import ScopeKind
from apps.reports.contracts.kept import KeptTable
from apps.reports.rules.kept_tables import TABLES

# Rows are about everybody in the firm, so they are for who sees all of it.
_WHOLE = frozenset({ScopeKind.WHOLE_FIRM})


def _rows(table: KeptTable) -> dict[str, Mapping[str, Rule]]:
    name = f"firm-settings-{table.slug}"
    permission = table.needs or Extra.NAMES
    reading = Rule(Audience.FIRM, permission=permission, scopes=_WHOLE, step_up=table.tells_pay)
    writing = replace(ADMINS_ONLY, step_up=table.tells_pay)
    return {
        name: {"GET": reading, "POST": writing},
        f"{name}-row": {"PUT": writing, "PATCH": writing, "DELETE": writing},
        f"{name}-file": {"GET": writing, "POST": writing},
    }


PERMISSIONS: dict[str, Mapping[str, Rule]] = {
    "firm-settings-rules": {"GET": MEMBERS, "PATCH": ADMINS_ONLY},
    "firm-settings-tables": {"GET": MEMBERS},
    **{route: rules for table in TABLES for route, rules in _rows(table).items()},
}
