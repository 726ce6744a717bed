"""Text a code to a person's number."""

from datetime import datetime, timedelta

from django.conf import settings

from apps.accounts.contracts import Origin
from apps.accounts.errors import FactorMissing, TextsBlocked
from apps.accounts.models import Phone, SentCode, User
from apps.accounts.rules.phones import NumberRefused, read_number
from apps.accounts.services.code_makers import CODE_LASTS, CodeOrder, maker_now, maker_of
from apps.accounts.services.limit_texts import count_text
from apps.core import audit
from apps.core.encryption import keyed_digest
from apps.core.errors import DomainError
from apps.core.tenancy import acting_as


def send_code(*, user_id: int, purpose: SentCode.Purpose, origin: Origin, now: datetime) -> None:
    """Text a new code; the older ones of this purpose stop working.

    Who makes it, we or a vendor, is a matter of settings (services/code_makers.py). Raises FactorMissing without a
    confirmed number (to confirm one, an unconfirmed will do), TextsExhausted, TextsBlocked, VendorUnavailable.
    """
    number = number_for(user_id=user_id, purpose=purpose)
    if number is None:
        raise FactorMissing("There is no confirmed number to text a code to.")
    _check_country(number)
    count_text(user_id=user_id, number=number, ip=origin.ip, now=now)
    code_id, replaced = _open_row(user_id, purpose, number, now)
    for sent in replaced:
        maker_of(sent).cancel(sent)
    try:
        maker_now().send(CodeOrder(code_id, user_id, purpose, number, origin.ip))
    except DomainError:
        with acting_as(user_id):
            SentCode.objects.filter(pk=code_id).update(used_at=now)
            audit.record("accounts.code_not_sent", user_id=user_id, ip=origin.ip, purpose=str(purpose))
        raise
    with acting_as(user_id):
        audit.record("accounts.code_sent", user_id=user_id, ip=origin.ip, purpose=str(purpose))


def number_for(*, user_id: int, purpose: str) -> str | None:
    """Return the number codes of a purpose go to: the confirmed one, or, to confirm it, the one just named."""
    with acting_as(user_id):
        phones = Phone.objects.filter(user_id=user_id, confirmed_at__isnull=purpose == SentCode.Purpose.PHONE)
        return phones.values_list("number", flat=True).first()


def number_digest(number: str) -> str:
    """Return by what a code knows the number it was sent to."""
    return keyed_digest(f"sms-to:{number}")


def _check_country(number: str) -> None:
    """The list of countries may have become shorter since the number was confirmed."""
    try:
        read_number(number, settings.SMS_COUNTRIES)
    except NumberRefused as error:
        raise TextsBlocked(str(error)) from error


def _open_row(user_id: int, purpose: SentCode.Purpose, number: str, now: datetime) -> tuple[int, list[SentCode]]:
    """Close the codes this one replaces and open its row; of two requests at one moment the later counts."""
    with acting_as(user_id):
        User.objects.select_for_update().get(pk=user_id)
        mine = SentCode.objects.filter(user_id=user_id)
        mine.filter(purpose=purpose, expires_at__lt=now - timedelta(days=30)).delete()
        # The vendor has one code per number, whatever it is for: a new one ends all of them.
        earlier = mine.filter(used_at__isnull=True).exclude(purpose__in=_others(purpose), vendor_sid="")
        replaced = list(earlier.exclude(vendor_sid="").filter(expires_at__gt=now))
        earlier.update(used_at=now)
        row = SentCode.objects.create(
            user_id=user_id, purpose=purpose, number_digest=number_digest(number), expires_at=now + CODE_LASTS
        )
    return row.pk, replaced


def _others(purpose: SentCode.Purpose) -> list[str]:
    return [each.value for each in SentCode.Purpose if each != purpose]
