"""Errors of notifications. The first two are faults of the calling code, so they are no answers to a request."""

from apps.core.errors import InvalidInput


class UnknownKind(LookupError):
    """The catalogue has no such kind of message."""


class ContextDoesNotFit(ValueError):
    """The context has not exactly the names of the kind's sample, or a value that is not plain."""


class InvalidContact(InvalidInput):
    """An address, a number or a zone on a contact card cannot be right."""

    code = "notifications.invalid_contact"
    title = "The contact details are not valid"
