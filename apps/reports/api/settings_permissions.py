"""Who may see and change what a firm keeps: administrators write; rates and cost are read with their permission."""

from collections.abc import Mapping

from apps.core.permissions import ADMINS_ONLY, MEMBERS, Audience, Extra, Rule
from apps.core.scope import ScopeKind
from apps.reports.contracts.kept import KeptTable
from apps.reports.rules.kept_tables import TABLES

# Rows are about everybody in the firm, so they are for who sees all of it.
_WHOLE = frozenset({ScopeKind.WHOLE_FIRM})


def _rows(table: KeptTable) -> dict[str, Mapping[str, Rule]]:
    name = f"firm-settings-{table.slug}"
    reading = Rule(Audience.FIRM, permission=table.needs or Extra.NAMES, scopes=_WHOLE)
    return {
        name: {"GET": reading, "POST": ADMINS_ONLY},
        f"{name}-row": {"PUT": ADMINS_ONLY, "PATCH": ADMINS_ONLY, "DELETE": ADMINS_ONLY},
        f"{name}-file": {"GET": ADMINS_ONLY, "POST": ADMINS_ONLY},
    }


PERMISSIONS: dict[str, Mapping[str, Rule]] = {
    "firm-settings-rules": {"GET": MEMBERS, "PATCH": ADMINS_ONLY},
    "firm-settings-tables": {"GET": MEMBERS},
    **{route: rules for table in TABLES for route, rules in _rows(table).items()},
}
