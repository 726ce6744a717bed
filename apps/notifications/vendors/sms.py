"""Hand a text message to Twilio, or, where there is no account, to the local outbox."""

import json
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from apps.core.tenancy import current_firm_id
from apps.core.vendor_http import CalledInsideTransaction
from apps.notifications.contracts import OutgoingSms
from apps.notifications.vendors import twilio


def send_sms(sms: OutgoingSms) -> str:
    """Send one text message; return the vendor's id of it.

    Raises AddressRefused and VendorRejected where another try cannot help, VendorUnavailable where it may.
    """
    if current_firm_id() is not None:
        raise CalledInsideTransaction("sms: send while a firm's transaction is open")
    return twilio.send_message(sms) if twilio.is_configured() else _keep(sms)


def _keep(sms: OutgoingSms) -> str:
    """Write it to a file; the same message written again is the same file."""
    folder = Path(settings.OUTBOX_DIR, "sms")
    folder.mkdir(parents=True, exist_ok=True)
    content = {"to": sms.to, "text": sms.text, "sent_at": timezone.now().isoformat()}
    (folder / f"{sms.message_key}.json").write_text(json.dumps(content, ensure_ascii=False, indent=1))
    return ""
