"""Who may call the routes of reports."""

from apps.core.permissions import ADMINS_ONLY, MEMBERS, Audience, KeyScope, Rule
from apps.core.scope import ScopeKind

# How many rows there were is about everybody in the firm.
_OF_WHOLE_FIRM = Rule(Audience.FIRM, scopes=frozenset({ScopeKind.WHOLE_FIRM}), key_scope=KeyScope.FIGURES)
PERMISSIONS = {
    "consultant-figures": {"GET": Rule(Audience.SIGNED_IN)},
    "metrics": {"GET": Rule(Audience.SIGNED_IN)},
    "firm-query": {"GET": Rule(Audience.FIRM, key_scope=KeyScope.FIGURES)},
    # A figure with the records behind it. What a key without `records` may not ask, services/check_reach.py says.
    "firm-explain": {"GET": Rule(Audience.FIRM, key_scope=KeyScope.FIGURES, also_key_scope=KeyScope.RECORDS)},
    "firm-data-quality": {"GET": Rule(Audience.FIRM, key_scope=KeyScope.FIGURES)},
    "firm-data-quality-check": {"GET": Rule(Audience.FIRM, key_scope=KeyScope.RECORDS)},
    "firm-forecast": {"GET": Rule(Audience.FIRM, key_scope=KeyScope.FIGURES)},
    "firm-leaderboard": {"GET": Rule(Audience.FIRM, key_scope=KeyScope.FIGURES)},
    "firm-overview": {"GET": Rule(Audience.FIRM, key_scope=KeyScope.FIGURES)},
    "firm-reports": {"GET": Rule(Audience.FIRM, key_scope=KeyScope.FIGURES)},
    "firm-report": {"GET": Rule(Audience.FIRM, key_scope=KeyScope.FIGURES)},
    "custom-reports": {"GET": Rule(Audience.FIRM, key_scope=KeyScope.FIGURES), "POST": MEMBERS},
    "custom-report": {"GET": Rule(Audience.FIRM, key_scope=KeyScope.FIGURES), "PUT": MEMBERS, "DELETE": MEMBERS},
    "custom-report-versions": {"GET": Rule(Audience.FIRM)},
    "custom-report-answer": {"GET": Rule(Audience.FIRM, key_scope=KeyScope.FIGURES)},
    "firm-snapshots": {"GET": _OF_WHOLE_FIRM, "POST": ADMINS_ONLY},
    "overview-page": {"GET": Rule(Audience.FIRM, is_page=True)},
    "firm-closes": {"GET": _OF_WHOLE_FIRM, "POST": ADMINS_ONLY},
    "firm-close": {"GET": _OF_WHOLE_FIRM},
    "firm-close-reopen": {"POST": ADMINS_ONLY},
    # Behind what has changed are records.
    "firm-close-adjustments": {"GET": Rule(Audience.FIRM, key_scope=KeyScope.FIGURES, also_key_scope=KeyScope.RECORDS)},
}
