"""Can an address be right?"""

import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from apps.notifications.contracts import Channel


def find_address_fault(channel: Channel, address: str) -> str | None:
    """Return a sentence about what is wrong with a mail address or a number, or None."""
    if channel is Channel.SMS:
        return None if _is_e164(address) else "Give the number with its country, such as +12125550100."
    try:
        validate_email(address)
    except ValidationError:
        return "This is not an email address."
    return None


def _is_e164(number: str) -> bool:
    """A number that can exist in its country's plan, written as it is stored."""
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return False
    as_stored = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    return phonenumbers.is_valid_number(parsed) and as_stored == number
