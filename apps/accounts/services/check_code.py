"""Is this the code that was texted?"""

from datetime import datetime

from django.db.models import F

from apps.accounts.models import SentCode
from apps.accounts.services.code_makers import maker_of
from apps.accounts.services.limit_texts import give_text_back
from apps.accounts.services.send_code import number_digest, number_for
from apps.core.tenancy import acting_as

_MOST_TRIES_OF_A_CODE = 5


def check_code(*, user_id: int, purpose: str, code: str, ip: str | None, now: datetime) -> str | None:
    """Return the number a right code proves, and use the code up; None for anything else. Call it in no transaction.

    The try is counted on the code before it is judged, and a code proves only the number it was sent to, which must
    still be the person's. Raises VendorRejected, VendorUnavailable where a vendor made it; the try counts all the same.
    """
    number = number_for(user_id=user_id, purpose=purpose)
    sent = _count_try(user_id, purpose, number, now) if number else None
    if number is None or sent is None or not (code.isascii() and code):
        return None
    if not maker_of(sent).is_right(sent, code):
        return None
    with acting_as(user_id):
        used = SentCode.objects.filter(pk=sent.pk, used_at__isnull=True).update(used_at=now)
    if used != 1:
        return None
    give_text_back(user_id=user_id, number=number, ip=ip)
    return number


def _count_try(user_id: int, purpose: str, number: str, now: datetime) -> SentCode | None:
    with acting_as(user_id):
        open_codes = SentCode.objects.filter(user_id=user_id, purpose=purpose, used_at__isnull=True, expires_at__gt=now)
        latest = open_codes.order_by("-id").first()
        if latest is None or latest.number_digest != number_digest(number):
            return None
        counted = open_codes.filter(pk=latest.pk, tries__lt=_MOST_TRIES_OF_A_CODE).update(tries=F("tries") + 1)
    return latest if counted else None
