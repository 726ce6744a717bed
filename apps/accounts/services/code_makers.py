"""Who makes, texts and checks a code: we ourselves, or a vendor. Both look the same from outside."""

import hmac
import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from apps.accounts.errors import TextsBlocked, TextsExhausted
from apps.accounts.models import SentCode
from apps.accounts.rules.codes import make_sms_code
from apps.core.encryption import keyed_digest
from apps.core.errors import VendorRejected, VendorUnavailable
from apps.core.tenancy import acting_as
from apps.notifications import interface as notifications
from apps.notifications.interface import NumberNotVerifiable, NumberRefusal, PersonAt, notify

logger = logging.getLogger(__name__)
CODE_LASTS = timedelta(minutes=5)
_VENDORS_OWN_PACE_SECONDS = 600
_KINDS = {
    SentCode.Purpose.SIGN_IN: "accounts.sign_in_code",
    SentCode.Purpose.STEP_UP: "accounts.step_up_code",
    SentCode.Purpose.PHONE: "accounts.phone_code",
}


@dataclass(frozen=True, slots=True)
class CodeOrder:
    """A code wanted: the row that stands for it, whose it is, what for, to which number, and who asked from where."""

    code_id: int
    user_id: int
    purpose: SentCode.Purpose
    number: str
    ip: str | None


class CodeMaker(Protocol):
    """Sends and checks codes, outside of any transaction; rows, tries, expiry and single use are the callers'."""

    def send(self, order: CodeOrder) -> None:
        """Text the code of an order whose row is still open. Raises TextsBlocked, TextsExhausted, VendorUnavailable."""

    def is_right(self, sent: SentCode, code: str) -> bool:
        """Tell whether this is the code that was sent. Raises VendorRejected, VendorUnavailable."""

    def cancel(self, sent: SentCode) -> None:
        """Make a code useless that was replaced; best effort, its row is closed already."""


class OwnCodes:
    """Codes of our own, known by a keyed digest, that travel as messages."""

    def send(self, order: CodeOrder) -> None:
        """Write the digest and promise the message together; a code replaced meanwhile is not sent."""
        code = make_sms_code()
        digest = sent_code_digest(order.user_id, order.purpose, code)
        with acting_as(order.user_id):
            still_open = SentCode.objects.filter(pk=order.code_id, used_at__isnull=True)
            if still_open.update(code_digest=digest) != 1:
                return
            minutes = int(CODE_LASTS.total_seconds() // 60)
            # To the number the code was counted against; one that is not confirmed yet is on no contact card.
            recipient = PersonAt(order.user_id, phone=order.number)
            notify(recipient=recipient, kind=_KINDS[order.purpose], context={"code": code, "minutes": minutes})

    def is_right(self, sent: SentCode, code: str) -> bool:
        """Compare digests; a row whose message was never promised knows no code."""
        expected = sent_code_digest(sent.user_id, sent.purpose, code)
        return bool(sent.code_digest) and hmac.compare_digest(sent.code_digest, expected)

    def cancel(self, sent: SentCode) -> None:
        """Do nothing: the closed row is all there is."""


class VendorCodes:
    """Codes that the vendor makes, sends and checks; we keep the name of its verification."""

    def send(self, order: CodeOrder) -> None:
        """Ask the vendor, then note what it calls it. A crash between the two leaves a code nobody can use."""
        try:
            sid = notifications.start_verification(number=order.number, ip=order.ip)
        except NumberNotVerifiable as error:
            logger.warning("accounts.text_refused", extra={"user_id": order.user_id, "reason": error.reason})
            if error.reason == NumberRefusal.TOO_MANY:
                raise TextsExhausted(retry_after_seconds=_VENDORS_OWN_PACE_SECONDS) from error
            raise TextsBlocked("Use an authenticator app or a recovery code.") from error
        with acting_as(order.user_id):
            SentCode.objects.filter(pk=order.code_id, used_at__isnull=True).update(vendor_sid=sid)

    def is_right(self, sent: SentCode, code: str) -> bool:
        """Ask the vendor."""
        return notifications.check_verification(sid=sent.vendor_sid, code=code)

    def cancel(self, sent: SentCode) -> None:
        """Tell the vendor, so that the next code is another one; without an answer it may send the same again."""
        try:
            notifications.cancel_verification(sid=sent.vendor_sid)
        except (VendorRejected, VendorUnavailable):
            logger.info("accounts.verification_not_canceled", extra={"user_id": sent.user_id})


OWN, VENDOR = OwnCodes(), VendorCodes()


def maker_now() -> CodeMaker:
    """Return who makes the next code: the vendor, where one is set up."""
    return VENDOR if notifications.verifies_numbers() else OWN


def maker_of(sent: SentCode) -> CodeMaker:
    """Return who made a code, whatever is set up by now."""
    return VENDOR if sent.vendor_sid else OWN


def sent_code_digest(user_id: int, purpose: str, code: str) -> str:
    """Return what is stored of a code of ours: six digits are guessed from a plain hash, but not from a keyed one."""
    return keyed_digest(f"sms:{user_id}:{purpose}:{code}")
