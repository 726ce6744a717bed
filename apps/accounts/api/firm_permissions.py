"""Who may call the routes of a firm's settings, people, keys and trail."""

from dataclasses import replace

from apps.core.permissions import ADMINS_ONLY, MEMBERS, PUBLIC, SIGNED_IN, Audience, Extra, KeyScope, Rule
from apps.core.scope import Level, Role

_OWNERS_ONLY = Rule(Audience.FIRM, roles=frozenset({Role.OWNER}))
_WHO_SEES_NAMES = Rule(Audience.FIRM, permission=Extra.NAMES)
_WHO_MAKES_KEYS = Rule(Audience.FIRM, permission=Extra.API_KEYS)
# What gives access away, or everything at once, asks for the second factor anew.
_ADMINS_AFRESH = replace(ADMINS_ONLY, step_up=True)
_OWNERS_AFRESH = replace(_OWNERS_ONLY, step_up=True)

FIRM_PERMISSIONS = {
    "firm": {"GET": Rule(Audience.FIRM, key_scope=KeyScope.FIRM), "PATCH": ADMINS_ONLY},
    "firm-terms": {"GET": MEMBERS, "POST": ADMINS_ONLY},
    "firm-onboarding": {"GET": MEMBERS},
    "firm-audit": {"GET": ADMINS_ONLY},
    "firm-audit-export": {"GET": ADMINS_ONLY},
    "firm-members": {"GET": _WHO_SEES_NAMES},
    "firm-member": {"GET": _WHO_SEES_NAMES, "PATCH": _ADMINS_AFRESH, "DELETE": _ADMINS_AFRESH},
    "firm-member-suspension": {"POST": ADMINS_ONLY, "DELETE": ADMINS_ONLY},
    # Everybody may go, whatever their level.
    "firm-my-membership": {"DELETE": Rule(Audience.FIRM, level=Level.READ_ONLY)},
    "firm-ownership": {"POST": _OWNERS_AFRESH},
    "firm-invitations": {"GET": ADMINS_ONLY, "POST": _ADMINS_AFRESH},
    "firm-invitation": {"POST": _ADMINS_AFRESH, "DELETE": ADMINS_ONLY},
    "firm-api-keys": {"GET": _WHO_MAKES_KEYS, "POST": replace(_WHO_MAKES_KEYS, step_up=True)},
    "firm-api-key": {"DELETE": _WHO_MAKES_KEYS},
    "firm-exports": {"GET": _OWNERS_ONLY, "POST": _OWNERS_AFRESH},
    "firm-export-file": {"GET": _OWNERS_AFRESH},
    "firm-erasure": {"GET": ADMINS_ONLY, "POST": _OWNERS_AFRESH, "DELETE": _OWNERS_ONLY},
    "consultant-firms": {"GET": SIGNED_IN},
    # Whoever holds the mailed token reads the mailbox it was sent to.
    "invitation-offer": {"POST": PUBLIC},
    "invitation-accept": {"POST": SIGNED_IN},
    "invitation-accept-as-new": {"POST": PUBLIC},
    "invitation": {"GET": PUBLIC, "POST": PUBLIC},
}
