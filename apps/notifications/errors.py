"""Errors of notifications. The first two are faults of the calling code, so they are no answers to a request."""

from apps.core.errors import Conflict, InvalidInput, NotAllowed, NotFound, VendorRejected


class UnknownKind(LookupError):
    """The catalogue has no such kind of message."""


class ContextDoesNotFit(ValueError):
    """The context has not exactly the names of the kind's sample, or a value that is not plain."""


class InvalidContact(InvalidInput):
    """An address, a number or a zone on a contact card cannot be right."""

    code = "notifications.invalid_contact"
    title = "The contact details are not valid"


class AddressRefused(VendorRejected):
    """A vendor will not send to this address, now or later; `reason` is one of the suppression list's."""

    code = "notifications.address_refused"
    title = "The address cannot be written to"

    def __init__(self, detail: str, *, reason: str) -> None:
        super().__init__(detail)
        self.reason = reason


class CallbackNotSigned(NotAllowed):
    """A callback does not carry its vendor's signature."""

    code = "notifications.callback_not_signed"
    title = "The signature is not valid"


class CallbackTooOld(NotAllowed):
    """A callback's time stamp is too far from now."""

    code = "notifications.callback_too_old"
    title = "The time stamp is not valid any more"


class CallbackReplayed(Conflict):
    """A callback's token was used before."""

    code = "notifications.callback_replayed"
    title = "The token was used before"


class CallbackUnreadable(InvalidInput):
    """A signed callback lacks what every one of its kind has."""

    code = "notifications.callback_unreadable"
    title = "The callback cannot be read"


class NotDead(Conflict):
    """Only a message that was given up can be tried again by hand."""

    code = "notifications.not_dead"
    title = "The message was not given up"


class SuppressionNotFound(NotFound):
    """There is no such suppression, or it was released before."""

    code = "notifications.suppression_not_found"
    title = "There is no such suppression"


class WordingRefused(InvalidInput):
    """Words of a message cannot be read, name what the message does not have, or do not fit their channel."""

    code = "notifications.wording_refused"
    title = "These words cannot be used"


class PreferencesRefused(InvalidInput):
    """A choice names no kind, a channel the kind has not, or something that may not be chosen; nothing was changed."""

    code = "notifications.preferences_refused"
    title = "These choices are not possible"


class QuietHoursRefused(InvalidInput):
    """Quiet hours begin and end at the same time."""

    code = "notifications.quiet_hours_refused"
    title = "These quiet hours are not possible"


class NotificationUnknown(NotFound):
    """The person's inbox has no such notification."""

    code = "notifications.notification_unknown"
    title = "There is no such notification"


class UnsubscribeLinkInvalid(NotFound):
    """The link was not made by us, or was cut."""

    code = "notifications.unsubscribe_link_invalid"
    title = "This link is not complete"


class WordingChanged(Conflict):
    """Somebody else changed the words of the same message at the same moment."""

    code = "notifications.wording_changed"
    title = "The words changed meanwhile"


class NumberNotVerifiable(VendorRejected):
    """The vendor sends no code to this number; `reason` is a NumberRefusal."""

    code = "notifications.number_not_verifiable"
    title = "No code can be sent to this number"

    def __init__(self, detail: str = "", *, reason: str) -> None:
        super().__init__(detail)
        self.reason = reason
