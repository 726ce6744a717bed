"""Hand a mail to Django's configured backend: Mailgun through Anymail, or the local outbox."""

from email.utils import parseaddr

from anymail.exceptions import AnymailError
from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from apps.core.errors import VendorRejected, VendorUnavailable
from apps.core.tenancy import current_firm_id
from apps.core.vendor_http import CalledInsideTransaction
from apps.notifications.contracts import OutgoingMail

# Mailgun's answers that blame the message. Others (401: our key, 404: our domain) pass when we mend our settings.
_MESSAGE_IS_WRONG = (400, 413, 422)


def send_email(mail: OutgoingMail) -> None:
    """Send one mail. Raises VendorRejected where another try cannot help, VendorUnavailable where it may."""
    if current_firm_id() is not None:
        raise CalledInsideTransaction("mail: send while a firm's transaction is open")
    try:
        _message(mail).send()
    except AnymailError as error:
        status = getattr(error, "status_code", None)
        if status in _MESSAGE_IS_WRONG:
            raise VendorRejected(f"The mail service refused the message ({status}).") from error
        raise VendorUnavailable(f"The mail service failed ({status or type(error).__name__}).") from error
    except OSError as error:
        raise VendorUnavailable(f"The mail service did not answer ({type(error).__name__}).") from error


def _message(mail: OutgoingMail) -> EmailMultiAlternatives:
    _, sender = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return EmailMultiAlternatives(
        subject=mail.content.subject,
        body=mail.content.text,
        to=[mail.to],
        alternatives=[(mail.content.html, "text/html")],
        headers={"Message-ID": f"<{mail.message_id}@{sender.partition('@')[2]}>"},
    )
