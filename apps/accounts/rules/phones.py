"""Which telephone numbers we send codes to. Sending is paid for, so the list of countries is short."""

from collections.abc import Collection

import phonenumbers
from phonenumbers import PhoneNumberType

# Numbers that cost more than a text message should, or that belong to no person. A fixed line may well take messages in
# the United States, where the plan does not tell the two apart.
_REFUSED = frozenset(
    {
        PhoneNumberType.PREMIUM_RATE,
        PhoneNumberType.SHARED_COST,
        PhoneNumberType.TOLL_FREE,
        PhoneNumberType.VOIP,
        PhoneNumberType.PAGER,
        PhoneNumberType.UAN,
        PhoneNumberType.VOICEMAIL,
        PhoneNumberType.FIXED_LINE,
    }
)


class NumberRefused(ValueError):
    """The number cannot be used; the text says why, as the person reads it."""


def read_number(typed: str, countries: Collection[str]) -> str:
    """Return a typed number in E.164. countries: ISO 3166 codes. Raises NumberRefused."""
    try:
        number = phonenumbers.parse(typed, None)
    except phonenumbers.NumberParseException:
        raise NumberRefused("Give the number with its country, such as +1 212 555 0100.") from None
    if not phonenumbers.is_valid_number(number):
        raise NumberRefused("This is not a telephone number.")
    # By region and not by prefix: +1 is also the Caribbean, where pumping text messages is a trade.
    if phonenumbers.region_code_for_number(number) not in countries:
        raise NumberRefused("We do not send codes to this country. An authenticator app works everywhere.")
    if phonenumbers.number_type(number) in _REFUSED:
        raise NumberRefused("This number does not take text messages. Use a mobile number, or an authenticator app.")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def country_of(number: str) -> str:
    """Return the country (ISO 3166) of a number in E.164, or nothing for one that belongs to none."""
    return phonenumbers.region_code_for_number(phonenumbers.parse(number, None)) or ""
