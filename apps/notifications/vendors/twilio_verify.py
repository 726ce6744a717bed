"""Twilio Verify: codes that Twilio makes, sends and checks, with its guard against pumped messages."""

from functools import lru_cache
from ipaddress import ip_address
from typing import Any

from django.conf import settings
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http.response import Response
from twilio.rest import Client

from apps.core.errors import VendorRejected, VendorUnavailable
from apps.core.tenancy import current_firm_id, current_user_id
from apps.core.vendor_http import CalledInsideTransaction
from apps.notifications.contracts import NumberRefusal
from apps.notifications.errors import NumberNotVerifiable
from apps.notifications.vendors.twilio import Transport, silence

# Twilio's error pages, read November 2026. 60202 and 60203 come as 429 and are about one number, not about our pace.
_CHECKED_TOO_OFTEN, _SENT_TOO_OFTEN = 60202, 60203
_REFUSALS = {
    21211: NumberRefusal.NO_TEXTS,  # not a number
    21614: NumberRefusal.NO_TEXTS,  # not a mobile number
    60200: NumberRefusal.NO_TEXTS,  # an invalid parameter: of what we send only the number is anybody's choice
    60205: NumberRefusal.NO_TEXTS,  # a landline
    60238: NumberRefusal.BLOCKED,  # blocked by Twilio
    60410: NumberRefusal.BLOCKED,  # the prefix is blocked for twelve hours because of fraud
    60605: NumberRefusal.BLOCKED,  # the country is not allowed by Verify's geo permissions
    _SENT_TOO_OFTEN: NumberRefusal.TOO_MANY,
}
_GONE = 404


class _VerifyTransport(Transport):
    def base_url(self) -> str:
        return str(settings.TWILIO_VERIFY_BASE_URL)

    def may_pass(self, response: Response) -> bool:
        about_a_number = any(str(code) in response.text for code in (_CHECKED_TOO_OFTEN, _SENT_TOO_OFTEN))
        return super().may_pass(response) and not (response.status_code == 429 and about_a_number)


def is_configured() -> bool:
    """Tell whether there is a service to verify numbers by."""
    return bool(settings.TWILIO_VERIFY_SERVICE_SID and settings.TWILIO_ACCOUNT_SID and settings.TWILIO_AUTH_TOKEN)


def start(*, number: str, ip: str | None) -> str:
    """Have a code texted; return the SID of the verification. ip: the person's, for the vendor's guard against fraud.

    Raises NumberNotVerifiable, VendorRejected, VendorUnavailable.
    """
    is_public = ip is not None and ip_address(ip).is_global
    options: dict[str, Any] = {"device_ip": ip} if is_public else {}
    try:
        begun = _service().verifications.create(to=number, channel="sms", risk_check="enable", **options)
    except TwilioRestException as error:
        raise _ours(error) from error
    except TwilioException as error:
        raise VendorUnavailable(f"The SMS service failed ({type(error).__name__}).") from error
    if not begun.sid:
        raise VendorRejected("The SMS service did not name the verification.")
    return str(begun.sid)


def check(*, sid: str, code: str) -> bool:
    """Tell whether the code is right; an approved, expired, canceled or exhausted verification knows none.

    Raises VendorRejected, VendorUnavailable.
    """
    try:
        checked = _service().verification_checks.create(verification_sid=sid, code=code)
    except TwilioRestException as error:
        if error.status == _GONE or error.code == _CHECKED_TOO_OFTEN:
            return False
        if error.status == 400 and error.code == 60200:  # nothing that could be a code
            return False
        raise _ours(error) from error
    except TwilioException as error:
        raise VendorUnavailable(f"The SMS service failed ({type(error).__name__}).") from error
    return bool(checked.status == "approved")


def cancel(*, sid: str) -> None:
    """Make a verification useless; one that is over already stays so. Raises VendorRejected, VendorUnavailable."""
    try:
        _service().verifications(sid).update(status="canceled")
    except TwilioRestException as error:
        if error.status != _GONE:
            raise _ours(error) from error
    except TwilioException as error:
        raise VendorUnavailable(f"The SMS service failed ({type(error).__name__}).") from error


def _ours(error: TwilioRestException) -> VendorRejected | VendorUnavailable:
    reason = _REFUSALS.get(error.code)
    if reason is not None:
        return NumberNotVerifiable(f"The SMS service refused the number ({error.code}).", reason=reason)
    if error.status == 400:
        return VendorRejected(f"The SMS service refused the verification ({error.code}).")
    # 401, 403, 404: our account or our service. It passes when we mend our settings.
    return VendorUnavailable(f"The SMS service failed ({error.status}).")


def _service() -> Any:
    if current_firm_id() is not None or current_user_id() is not None:
        raise CalledInsideTransaction("sms: a verification while a transaction is open")
    account = _client(settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN)
    return account.verify.v2.services(settings.TWILIO_VERIFY_SERVICE_SID)


@lru_cache(maxsize=2)
def _client(account: str, token: str) -> Client:
    return Client(account, token, http_client=_VerifyTransport(logger=silence))
