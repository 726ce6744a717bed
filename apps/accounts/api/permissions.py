"""Who may call the routes of accounts."""

from apps.core.permissions import MEMBERS, PUBLIC, SIGNED_IN

PERMISSIONS = {
    "auth-register": {"POST": PUBLIC},
    "auth-login": {"POST": PUBLIC},
    "auth-refresh": {"POST": PUBLIC},
    "auth-logout": {"POST": SIGNED_IN},
    "me": {"GET": SIGNED_IN},
    "firms": {"GET": SIGNED_IN, "POST": SIGNED_IN},
    "firm": {"GET": MEMBERS},
}
