"""Who may call the routes of a firm's settings, people, keys and trail."""

from dataclasses import replace

from apps.core.permissions import ADMINS_ONLY, MEMBERS, PUBLIC, SIGNED_IN, Audience, Extra, KeyScope, Rule
from apps.core.scope import Level, Role

_OWNERS_ONLY = Rule(Audience.FIRM, roles=frozenset({Role.OWNER}))
_WHO_SEES_NAMES = Rule(Audience.FIRM, permission=Extra.NAMES)
_WHO_MAKES_KEYS = Rule(Audience.FIRM, permission=Extra.API_KEYS)
_MEMBERS_AFRESH = replace(MEMBERS, step_up=True)
# What gives access away, or everything at once, asks for the second factor anew.
_ADMINS_AFRESH = replace(ADMINS_ONLY, step_up=True)
_OWNERS_AFRESH = replace(_OWNERS_ONLY, step_up=True)
# What a firm may do before it agreed to a new version of the terms: agree, take its copies, go.
_OWNERS_ANY_TIME = replace(_OWNERS_ONLY, before_terms=True)
_OWNERS_AFRESH_ANY_TIME = replace(_OWNERS_AFRESH, before_terms=True)
_ADMINS_ANY_TIME = replace(ADMINS_ONLY, before_terms=True)

# The pages of a firm: the same rules as the API's for the same things.
_PAGES = {
    "people-page": {"GET": _WHO_SEES_NAMES, "POST": _ADMINS_AFRESH},
    "member-page": {"GET": ADMINS_ONLY, "POST": _ADMINS_AFRESH},
    "ownership-page": {"GET": MEMBERS, "POST": replace(_MEMBERS_AFRESH, before_terms=True)},
    "api-keys-page": {"GET": _WHO_MAKES_KEYS, "POST": replace(_WHO_MAKES_KEYS, step_up=True)},
    "trail-page": {"GET": ADMINS_ONLY},
    "copies-page": {"GET": _OWNERS_ONLY, "POST": _OWNERS_AFRESH_ANY_TIME},
    "copy-page": {"GET": _OWNERS_ONLY, "POST": _OWNERS_AFRESH_ANY_TIME},
    "erasure-page": {"GET": ADMINS_ONLY, "POST": _OWNERS_AFRESH_ANY_TIME},
    "agreements-page": {"GET": MEMBERS, "POST": _ADMINS_ANY_TIME},
}
FIRM_PERMISSIONS = {
    "firm": {"GET": Rule(Audience.FIRM, key_scope=KeyScope.FIRM), "PATCH": ADMINS_ONLY},
    "firm-terms": {"GET": MEMBERS, "POST": _ADMINS_ANY_TIME},
    "firm-onboarding": {"GET": MEMBERS},
    "firm-audit": {"GET": ADMINS_ONLY},
    "firm-audit-export": {"GET": ADMINS_ONLY},
    "firm-members": {"GET": _WHO_SEES_NAMES},
    "firm-member": {"GET": _WHO_SEES_NAMES, "PATCH": _ADMINS_AFRESH, "DELETE": _ADMINS_AFRESH},
    "firm-member-suspension": {"POST": ADMINS_ONLY, "DELETE": ADMINS_ONLY},
    # Everybody may go, whatever their level.
    "firm-my-membership": {"DELETE": Rule(Audience.FIRM, level=Level.READ_ONLY, before_terms=True)},
    "firm-ownership": {"GET": MEMBERS, "POST": _OWNERS_AFRESH, "DELETE": _OWNERS_ONLY},
    # Whoever is offered the firm answers; to everybody else nothing is offered.
    "firm-ownership-acceptance": {"POST": replace(_MEMBERS_AFRESH, before_terms=True)},
    "firm-ownership-refusal": {"POST": replace(MEMBERS, before_terms=True)},
    "firm-invitations": {"GET": ADMINS_ONLY, "POST": _ADMINS_AFRESH},
    "firm-invitation": {"POST": _ADMINS_AFRESH, "DELETE": ADMINS_ONLY},
    "firm-api-keys": {"GET": _WHO_MAKES_KEYS, "POST": replace(_WHO_MAKES_KEYS, step_up=True)},
    "firm-api-key": {"DELETE": _WHO_MAKES_KEYS},
    "firm-exports": {"GET": _OWNERS_ONLY, "POST": _OWNERS_AFRESH_ANY_TIME},
    "firm-export-file": {"GET": _OWNERS_AFRESH},
    "firm-erasure": {"GET": ADMINS_ONLY, "POST": _OWNERS_AFRESH_ANY_TIME, "DELETE": _OWNERS_ANY_TIME},
    "firm-target-hours": {"GET": _WHO_SEES_NAMES, "POST": ADMINS_ONLY},
    "firm-target-hours-row": {"DELETE": ADMINS_ONLY},
    "erasure-proofs": {"GET": SIGNED_IN},
    "erasure-proof": {"GET": SIGNED_IN},
    "my-agreements": {"GET": SIGNED_IN, "POST": SIGNED_IN},
    "terms": {"GET": PUBLIC},
    "consultant-firms": {"GET": SIGNED_IN},
    # Whoever holds the mailed token reads the mailbox it was sent to.
    "invitation-offer": {"POST": PUBLIC},
    "invitation-accept": {"POST": SIGNED_IN},
    "invitation-accept-as-new": {"POST": PUBLIC},
    "invitation": {"GET": PUBLIC, "POST": PUBLIC},
    # Pages of nobody's firm: each asks for its visitor itself, as the other pages of accounts do.
    "start": {"GET": PUBLIC},
    "proof-page": {"GET": PUBLIC},
    "terms-page": {"GET": PUBLIC},
    "data-processing-page": {"GET": PUBLIC},
    **{
        route: {method: replace(rule, is_page=True) for method, rule in rules.items()}
        for route, rules in _PAGES.items()
    },
}
