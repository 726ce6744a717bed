"""Who may call the routes of reports."""

from apps.core.permissions import MEMBERS, Audience, KeyScope, Rule

PERMISSIONS = {
    "consultant-figures": {"GET": Rule(Audience.SIGNED_IN)},
    "metrics": {"GET": Rule(Audience.SIGNED_IN)},
    "firm-query": {"GET": Rule(Audience.FIRM, key_scope=KeyScope.FIGURES)},
    # Behind a figure are records.
    "firm-explain": {"GET": Rule(Audience.FIRM, key_scope=KeyScope.RECORDS)},
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
    "overview-page": {"GET": Rule(Audience.FIRM, is_page=True)},
}
