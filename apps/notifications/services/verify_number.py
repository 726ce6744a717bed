"""Have a vendor find out whether somebody holds a telephone number: it makes the code, texts it and checks it."""

from apps.notifications.vendors import twilio_verify


def verifies_numbers() -> bool:
    """Tell whether such a vendor is set up here."""
    return twilio_verify.is_configured()


def start_verification(*, number: str, ip: str | None) -> str:
    """Text a code to a number; return what the vendor calls this verification. Never call it inside a transaction.

    Raises NumberNotVerifiable, VendorRejected, VendorUnavailable.
    """
    return twilio_verify.start(number=number, ip=ip)


def check_verification(*, sid: str, code: str) -> bool:
    """Tell whether the code is right; a right one works once. Raises VendorRejected, VendorUnavailable."""
    return twilio_verify.check(sid=sid, code=code)


def cancel_verification(*, sid: str) -> None:
    """Make a code that was texted useless. Raises VendorRejected, VendorUnavailable."""
    twilio_verify.cancel(sid=sid)
