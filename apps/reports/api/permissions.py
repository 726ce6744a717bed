"""Who may call the routes of reports."""

from apps.core.permissions import MEMBERS

PERMISSIONS = {
    "firm-overview": {"GET": MEMBERS},
}
