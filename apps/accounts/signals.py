"""Announcements of accounts, sent after commit, best effort; receivers only enqueue."""

from django.dispatch import Signal

# A firm was created. Arguments: firm_id.
firm_created = Signal()

# A firm's settings were changed: zone, currency, calendar, targets. Arguments: firm_id.
firm_changed = Signal()
