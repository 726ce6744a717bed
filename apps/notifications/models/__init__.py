"""Tables of notifications."""

from apps.notifications.models.contact import ContactCard
from apps.notifications.models.event import ProviderEvent, UsedToken
from apps.notifications.models.message import Delivery, Notification
from apps.notifications.models.preference import DigestSchedule, OutsideRefusal, Preference, QuietHours
from apps.notifications.models.suppression import Suppression
from apps.notifications.models.wording import WordingVersion

__all__ = [
    "ContactCard",
    "Delivery",
    "DigestSchedule",
    "Notification",
    "OutsideRefusal",
    "Preference",
    "ProviderEvent",
    "QuietHours",
    "Suppression",
    "UsedToken",
    "WordingVersion",
]
