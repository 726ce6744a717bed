"""The service itself, and the message that gathers others."""

from apps.notifications.contracts import Category
from apps.notifications.rules.kinds.kind import EMAIL, EMAIL_AND_INBOX, EVERYWHERE, Kind

_START, _END = "2026-03-08T05:00:00+00:00", "2026-03-08T07:00:00+00:00"

KINDS = (
    Kind(
        key="system.digest",
        label="Daily digest",
        category=Category.SYSTEM,
        channels=EMAIL,
        by_default=True,
        may_refuse=True,
        # items: one line each: the title, and where it leads after a tab, if anywhere.
        sample={
            "day": "2026-03-03",
            "count": 3,
            "items": "Cole League joined Ash & Birch LLP\thttps://app.smarterfirms.com/firm/people\n"
            "Report shared with you: Profit by practice area\thttps://app.smarterfirms.com/overview\n"
            "February 2026 is closed",
            "address": "https://app.smarterfirms.com/notifications/choices/Kp8zQ1",
        },
    ),
    Kind(
        key="system.maintenance_planned",
        label="Planned maintenance",
        category=Category.SYSTEM,
        channels=EMAIL_AND_INBOX,
        by_default=True,
        may_refuse=True,
        may_wait=True,
        sample={
            "starts_at": _START,
            "ends_at": _END,
            "read_only": True,
            "address": "https://status.smarterfirms.com/",
        },
    ),
    Kind(
        key="system.incident_over",
        label="Trouble with the service, and its end",
        category=Category.SYSTEM,
        channels=EMAIL_AND_INBOX,
        by_default=True,
        may_refuse=True,
        may_wait=True,
        sample={
            "what": "Reports were slow or did not open.",
            "started_at": _START,
            "ended_at": _END,
            "lost": False,
            "address": "https://status.smarterfirms.com/",
        },
    ),
    Kind(
        key="system.terms_changed",
        label="Changed terms",
        category=Category.SYSTEM,
        channels=EMAIL_AND_INBOX,
        by_default=True,
        may_refuse=False,
        sample={
            "document": "Data-processing agreement",
            "version": "3.0",
            "in_force_on": "2026-05-01",
            "summary": "Names Mailgun's European region.\nShortens the time we keep files to 30 days.",
            "address": "https://app.smarterfirms.com/terms",
        },
    ),
    Kind(
        key="system.test_message",
        label="Test message",
        category=Category.SYSTEM,
        channels=EVERYWHERE,
        by_default=True,
        may_refuse=False,
        sample={"sent_at": "2026-03-03T21:15:00+00:00"},
    ),
)
