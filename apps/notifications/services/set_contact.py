"""Keep a person's contact card."""

from django.utils import timezone

from apps.core.errors import FieldFault
from apps.core.tenancy import acting_as
from apps.core.time_zones import known_zones
from apps.notifications.contracts import Channel
from apps.notifications.errors import InvalidContact
from apps.notifications.models import ContactCard
from apps.notifications.queries.preferences import get_zone
from apps.notifications.services.check_address import find_address_fault
from apps.notifications.services.schedule_digest import follow_zone


def set_contact(
    *, user_id: int, email: str, phone: str | None = None, zone: str = "UTC", locale: str = "en-US"
) -> None:
    """Replace a person's contact card as a whole; the next message of theirs goes by it.

    phone: E.164 (`+12125550100`), or None for "has none". zone: IANA name; what waits for quiet hours or for the digest
    follows the person into a new one. Raises InvalidContact naming every fault.
    """
    faults = tuple(_faults(email, phone, zone))
    if faults:
        raise InvalidContact(faults=faults)
    values = {"email": email, "phone": phone or "", "zone": zone, "locale": locale}
    with acting_as(user_id):
        before = get_zone(user_id)
        ContactCard.objects.update_or_create(user_id=user_id, defaults=values)
        if zone != before:
            follow_zone(user_id=user_id, now=timezone.now())


def _faults(email: str, phone: str | None, zone: str) -> list[FieldFault]:
    faults = []
    if fault := find_address_fault(Channel.EMAIL, email):
        faults.append(FieldFault("/email", fault))
    if phone and (fault := find_address_fault(Channel.SMS, phone)):
        faults.append(FieldFault("/phone", fault))
    if zone not in known_zones():
        faults.append(FieldFault("/zone", "Not a time zone of the IANA list, such as America/New_York."))
    return faults
