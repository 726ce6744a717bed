"""Who may call the routes of notifications: everybody, about themselves."""

from apps.core.permissions import SIGNED_IN

PERMISSIONS = {
    "notifications": {"GET": SIGNED_IN},
    "notifications-unread": {"GET": SIGNED_IN},
    "notifications-read-all": {"POST": SIGNED_IN},
    "notification-read": {"POST": SIGNED_IN},
    "notification-archive": {"POST": SIGNED_IN, "DELETE": SIGNED_IN},
    "notification-preferences": {"GET": SIGNED_IN, "PUT": SIGNED_IN, "PATCH": SIGNED_IN},
    "quiet-hours": {"GET": SIGNED_IN, "PUT": SIGNED_IN, "DELETE": SIGNED_IN},
    "notification-digest": {"GET": SIGNED_IN, "PUT": SIGNED_IN},
    "my-deliveries": {"GET": SIGNED_IN},
}
