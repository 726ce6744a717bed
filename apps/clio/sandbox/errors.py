"""What the server refuses, with the status and the words Clio uses for it."""


class Refusal(Exception):
    """An answer other than 200 with Clio's standard error object."""

    status = 400
    type = "BadRequestError"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class InvalidFields(Refusal):
    """An unknown or too deep field."""

    type = "InvalidFields"


class MalformedParameter(Refusal):
    """A parameter of the wrong shape."""

    type = "ArgumentError"


class Unprocessable(Refusal):
    """A well-formed parameter out of its bounds."""

    status = 422
    type = "ArgumentError"


class NoSuchRecord(Refusal):
    """No record under this address, or no such address."""

    status = 404
    type = "RecordNotFoundError"


class Stale(Refusal):
    """An If-Match that names an older version of the record."""

    status = 412
    type = "PreconditionFailedError"


class Forbidden(Refusal):
    """The application or the user lacks the permission."""

    status = 403
    type = "ForbiddenError"
