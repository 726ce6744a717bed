"""Who may call the routes of reports."""

from apps.core.permissions import Audience, KeyScope, Rule

PERMISSIONS = {
    "metrics": {"GET": Rule(Audience.SIGNED_IN)},
    "firm-query": {"GET": Rule(Audience.FIRM, key_scope=KeyScope.FIGURES)},
    "firm-overview": {"GET": Rule(Audience.FIRM, key_scope=KeyScope.FIGURES)},
    "overview-page": {"GET": Rule(Audience.FIRM, is_page=True)},
}
