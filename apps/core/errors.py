"""The one root of expected errors and the kinds under it. Domain code knows no HTTP: problems.py maps kinds to it."""

from dataclasses import dataclass
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class FieldFault:
    """One faulty field of an input: where (JSON pointer, `/firm/name`), what is wrong, and a stable code."""

    pointer: str
    detail: str
    code: str = "invalid"


class DomainError(Exception):
    """An expected error: a stable code, a title for people, a sentence about this case, and public extras."""

    code: ClassVar[str] = "core.error"
    title: ClassVar[str] = "The request could not be carried out"

    def __init__(self, detail: str = "", **extras: Any) -> None:
        super().__init__(detail or self.title)
        self.detail = detail or self.title
        self.extras = extras


class InvalidInput(DomainError):
    """The input is wrong; `faults` names each field."""

    code = "core.invalid_input"
    title = "The input is not valid"

    def __init__(self, detail: str = "", *, faults: tuple[FieldFault, ...] = (), **extras: Any) -> None:
        super().__init__(detail, **extras)
        self.faults = faults


class NotAuthenticated(DomainError):
    """Nobody is signed in, or the credentials are not valid."""

    code = "core.not_authenticated"
    title = "Sign in to continue"


class NotFound(DomainError):
    """There is no such thing, or it is another firm's: the answer is the same."""

    code = "core.not_found"
    title = "Not found"


class FirmErased(NotFound):
    """The firm was erased: nothing is written for it any more."""

    code = "core.firm_erased"
    title = "This firm was erased"


class NotAllowed(DomainError):
    """The person is known but may not do this."""

    code = "core.not_allowed"
    title = "Not allowed"


class SecondFactorNeeded(NotAllowed):
    """This firm, or the person's role in it, takes only people who signed in with a second factor."""

    code = "core.second_factor_needed"
    title = "Sign in with your second step"


class TermsNeeded(NotAllowed):
    """A new version of what the firm agreed to is in force: an owner or admin agrees first. `documents` names them."""

    code = "core.terms_needed"
    title = "Agree to the terms first"


class StepUpNeeded(NotAllowed):
    """A sensitive act: the second factor must have been proved within the last ten minutes."""

    code = "core.step_up_needed"
    title = "Confirm that it is you"


class Conflict(DomainError):
    """The state of things forbids it."""

    code = "core.conflict"
    title = "Not possible in the current state"


class PreconditionFailed(DomainError):
    """What the request relies on holds no more: it was read before somebody changed it."""

    code = "core.precondition_failed"
    title = "It has changed since it was read"


class LimitReached(DomainError):
    """A limit of the plan or of the product is reached."""

    code = "core.limit_reached"
    title = "A limit is reached"


class RateLimited(DomainError):
    """Too many requests; `retry_after_seconds` tells when to try again."""

    code = "core.rate_limited"
    title = "Too many requests"

    def __init__(self, detail: str = "", *, retry_after_seconds: int, **extras: Any) -> None:
        super().__init__(detail, **extras)
        self.retry_after_seconds = retry_after_seconds


class VendorRejected(DomainError):
    """A vendor refused what we asked; asking again will not help."""

    code = "core.vendor_rejected"
    title = "The service behind this refused the request"


class VendorUnavailable(DomainError):
    """A vendor could not be reached or is failing; worth another try after `retry_after_seconds`, if it said so."""

    code = "core.vendor_unavailable"
    title = "The service behind this is not answering"

    def __init__(self, detail: str = "", *, retry_after_seconds: float | None = None, **extras: Any) -> None:
        super().__init__(detail, **extras)
        self.retry_after_seconds = retry_after_seconds
