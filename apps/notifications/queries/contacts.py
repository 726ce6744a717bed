"""How a person is to be spoken to."""

from apps.notifications.contracts import Reader
from apps.notifications.models import ContactCard


def get_reader(user_id: int) -> Reader:
    """Return the zone and language of a person's contact card, the defaults for people without one; in `acting_as`."""
    card = ContactCard.objects.filter(user_id=user_id).only("zone", "locale").first()
    return Reader(zone=card.zone, locale=card.locale) if card else Reader()
