"""What staff see and do about messages."""

from apps.notifications.admin import deliveries, suppressions, wording

__all__ = ["deliveries", "suppressions", "wording"]
