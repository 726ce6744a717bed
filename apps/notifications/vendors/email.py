"""Hand a mail to Django's configured backend: Mailgun through Anymail, or the local outbox."""

from email.utils import parseaddr

from anymail.exceptions import AnymailError
from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from apps.core.errors import VendorRejected, VendorUnavailable
from apps.core.tenancy import current_firm_id
from apps.core.vendor_http import CalledInsideTransaction, check_address
from apps.notifications.contracts import OutgoingMail
from apps.notifications.errors import AddressRefused
from apps.notifications.vendors.retry_after import retry_after_seconds

# Mailgun's answers that blame the message. Others (401: our key, 404: our domain) pass when we mend our settings.
_MESSAGE_IS_WRONG = (400, 413, 422)
_ADDRESS_IS_WRONG = "is not a valid address"


def send_email(mail: OutgoingMail) -> str:
    """Send one mail; return the vendor's id of it, empty where the backend has none.

    Raises AddressRefused and VendorRejected where another try cannot help, VendorUnavailable where it may. Mailgun
    takes no idempotency key: our Message-ID is the same at every try, and its events name our key.
    """
    if current_firm_id() is not None:
        raise CalledInsideTransaction("mail: send while a firm's transaction is open")
    check_address(getattr(settings, "ANYMAIL", {}).get("MAILGUN_API_URL", "https://"))
    message = _message(mail)
    try:
        message.send()
    except AnymailError as error:
        raise _ours(error) from error
    except OSError as error:
        raise VendorUnavailable(f"The mail service did not answer ({type(error).__name__}).") from error
    status = getattr(message, "anymail_status", None)
    return str(getattr(status, "message_id", None) or "")


def _ours(error: AnymailError) -> VendorRejected | VendorUnavailable:
    status = getattr(error, "status_code", None)
    answer = getattr(error, "response", None)
    if status in _MESSAGE_IS_WRONG:
        if answer is not None and _ADDRESS_IS_WRONG in answer.text:
            return AddressRefused("The mail service says the address is not valid.", reason="invalid")
        return VendorRejected(f"The mail service refused the message ({status}).")
    asked = retry_after_seconds(answer.headers) if answer is not None else None
    detail = f"The mail service failed ({status or type(error).__name__})."
    return VendorUnavailable(detail, retry_after_seconds=asked)


def _message(mail: OutgoingMail) -> EmailMultiAlternatives:
    _, sender = parseaddr(settings.DEFAULT_FROM_EMAIL)
    headers = {"Message-ID": f"<{mail.message_key}@{sender.partition('@')[2]}>"}
    if mail.unsubscribe_address:
        # RFC 8058: one POST to this address, without a page between, ends these mails.
        headers["List-Unsubscribe"] = f"<{mail.unsubscribe_address}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message = EmailMultiAlternatives(
        subject=mail.content.subject,
        body=mail.content.text,
        to=[mail.to],
        alternatives=[(mail.content.html, "text/html")],
        headers=headers,
    )
    # What Anymail reads; other backends pass it by.
    vars(message).update(
        tags=[mail.kind, mail.category.value],
        metadata={"message_key": str(mail.message_key)},
        track_opens=not mail.is_private,
        track_clicks=not mail.is_private,
    )
    return message
