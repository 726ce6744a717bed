"""Keep a person's contact card."""

import re
import zoneinfo

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from apps.core.errors import FieldFault
from apps.core.tenancy import acting_as
from apps.notifications.errors import InvalidContact
from apps.notifications.models import ContactCard

_E164 = re.compile(r"\+[1-9]\d{6,14}")


def set_contact(
    *, user_id: int, email: str, phone: str | None = None, zone: str = "UTC", locale: str = "en-US"
) -> None:
    """Replace a person's contact card as a whole; the next message of theirs goes by it.

    phone: E.164 (`+12125550100`), or None for "has none". zone: IANA name. Raises InvalidContact naming every fault.
    """
    faults = tuple(_faults(email, phone, zone))
    if faults:
        raise InvalidContact(faults=faults)
    values = {"email": email, "phone": phone or "", "zone": zone, "locale": locale}
    with acting_as(user_id):
        ContactCard.objects.update_or_create(user_id=user_id, defaults=values)


def _faults(email: str, phone: str | None, zone: str) -> list[FieldFault]:
    faults = []
    try:
        validate_email(email)
    except ValidationError:
        faults.append(FieldFault("/email", "This is not an email address."))
    if phone and not _E164.fullmatch(phone):
        faults.append(FieldFault("/phone", "Give the number with its country, such as +12125550100."))
    if zone not in zoneinfo.available_timezones():
        faults.append(FieldFault("/zone", "Not a time zone of the IANA list, such as America/New_York."))
    return faults
