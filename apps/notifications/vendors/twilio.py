"""Twilio: text messages out by its SDK, its signed callbacks in."""

import logging
from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import requests
from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from twilio.request_validator import RequestValidator
from twilio.rest import Client
from twilio.twiml.messaging_response import MessagingResponse

from apps.core.errors import VendorRejected, VendorUnavailable
from apps.core.vendor_http import check_address
from apps.notifications.contracts import EventKind, InboundSms, OutgoingSms, SuppressionReason, VendorEvent
from apps.notifications.errors import AddressRefused, CallbackNotSigned, CallbackUnreadable
from apps.notifications.vendors.retry_after import retry_after_seconds

VENDOR = "twilio"
_ANSWER_SECONDS = 10
# The SDK writes addresses and parameters to its log.
silence = logging.getLogger("twilio.silenced")
silence.setLevel(logging.CRITICAL)
# Error codes that speak about the number for good, as third parties' help pages explain them (November 2026); Twilio
# refines its codes from time to time. 30006 is not among them: it also says that a carrier cannot be reached just now.
_INVALID = (21211, 21614, 30005)
_STOPPED = (21610,)
_SENT = ("accepted", "scheduled", "queued", "sending", "sent")
_STATUSES = {
    **dict.fromkeys(_SENT, EventKind.SENT),
    "delivered": EventKind.DELIVERED,
    "read": EventKind.OPENED,
    "undelivered": EventKind.FAILED,
    "failed": EventKind.FAILED,
    "canceled": EventKind.FAILED,
}


class Transport(TwilioHttpClient):  # type: ignore[misc]  # the SDK has no types
    """The SDK's own transport, sent to the configured address; what is worth another try becomes our error."""

    def base_url(self) -> str:
        """Return where this part of Twilio's API is."""
        return str(settings.TWILIO_API_BASE_URL)

    def may_pass(self, response: Response) -> bool:
        """Tell whether another try may help."""
        return bool(response.status_code == 429 or response.status_code >= 500)

    def request(self, method: str, url: str, *arguments: Any, **options: Any) -> Response:
        base = urlsplit(self.base_url())
        address = urlunsplit(urlsplit(url)._replace(scheme=base.scheme, netloc=base.netloc))
        check_address(address)
        options["timeout"] = _ANSWER_SECONDS
        try:
            response = super().request(method, address, *arguments, **options)
        except requests.RequestException as error:
            raise VendorUnavailable(f"The SMS service did not answer ({type(error).__name__}).") from error
        if self.may_pass(response):
            asked = retry_after_seconds(response.headers)
            raise VendorUnavailable(f"The SMS service failed ({response.status_code}).", retry_after_seconds=asked)
        return response


def is_configured() -> bool:
    """Tell whether there is an account to send by."""
    return bool(settings.TWILIO_ACCOUNT_SID and settings.TWILIO_AUTH_TOKEN and settings.TWILIO_FROM_NUMBER)


def send_message(sms: OutgoingSms) -> str:
    """Send by the Messages API; return the message's SID.

    Twilio takes no idempotency key: our key is part of the address it reports back to, so that a message whose answer
    was lost is known by its first report. Raises AddressRefused, VendorRejected, VendorUnavailable.
    """
    callback = f"{settings.PUBLIC_BASE_URL}/webhooks/twilio/status/{sms.message_key}"
    try:
        message = _client(settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN).messages.create(
            to=sms.to, from_=settings.TWILIO_FROM_NUMBER, body=sms.text, status_callback=callback
        )
    except TwilioRestException as error:
        raise _ours(error) from error
    except TwilioException as error:
        raise VendorUnavailable(f"The SMS service failed ({type(error).__name__}).") from error
    return message.sid or ""


def _ours(error: TwilioRestException) -> VendorRejected | VendorUnavailable:
    reason = _unusable(error.code)
    if reason is not None:
        return AddressRefused(f"The SMS service refused the number ({error.code}).", reason=reason)
    if error.status == 400:
        return VendorRejected(f"The SMS service refused the message ({error.code}).")
    # 401, 403, 404: our account. It passes when we mend our settings.
    return VendorUnavailable(f"The SMS service failed ({error.status}).")


def _unusable(code: int | None) -> SuppressionReason | None:
    if code in _STOPPED:
        return SuppressionReason.STOP
    return SuppressionReason.INVALID if code in _INVALID else None


@lru_cache(maxsize=2)
def _client(account: str, token: str) -> Client:
    return Client(account, token, http_client=Transport(logger=silence))


def read_status(request: HttpRequest, *, message_key: Any) -> VendorEvent | None:
    """Verify a status callback and say it in our words; None where it says nothing new to us.

    Raises CallbackNotSigned, CallbackUnreadable.
    """
    form = _verified(request)
    kind = _STATUSES.get(form.get("MessageStatus", ""))
    if kind is None:
        return None
    sid, code = _required(form, "MessageSid"), form.get("ErrorCode", "")
    return VendorEvent(
        vendor=VENDOR,
        delivery_key=f"{sid}:{form['MessageStatus']}",
        kind=kind,
        address=_required(form, "To"),
        happened_at=timezone.now(),
        message_key=message_key,
        vendor_message_id=sid,
        code=code[:40],
        makes_unusable=_unusable(int(code) if code.isdigit() else None),
    )


def read_inbound(request: HttpRequest) -> InboundSms:
    """Verify a message somebody sent to our number. Raises as `read_status` does."""
    form = _verified(request)
    return InboundSms(
        vendor_message_id=_required(form, "MessageSid"),
        address=_required(form, "From"),
        text=form.get("Body", ""),
        stated_meaning=form.get("OptOutType", ""),
    )


def twiml(text: str = "") -> str:
    """Return the answer to an inbound message: a text to send back, or nothing."""
    answer = MessagingResponse()
    if text:
        answer.message(text)
    return str(answer)


def _verified(request: HttpRequest) -> Mapping[str, str]:
    """Return the form of a request that Twilio signed for the address we told it, whatever Host says."""
    address = settings.PUBLIC_BASE_URL + request.get_full_path()
    signature = request.headers.get("X-Twilio-Signature", "")
    if not RequestValidator(settings.TWILIO_AUTH_TOKEN).validate(address, request.POST, signature):
        raise CallbackNotSigned
    form = request.POST.dict()
    if form.get("AccountSid") != settings.TWILIO_ACCOUNT_SID:
        raise CallbackNotSigned("The callback is another account's.")
    return {name: str(value) for name, value in form.items()}


def _required(form: Mapping[str, str], name: str) -> str:
    if not form.get(name):
        raise CallbackUnreadable(f"{name} is missing.")
    return form[name]
