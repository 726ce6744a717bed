"""Render every error as `application/problem+json` (RFC 9457): ours, DRF's and Django's own."""

import logging
import math
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from rest_framework import exceptions
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

from apps.core import errors

logger = logging.getLogger(__name__)
CONTENT_TYPE = "application/problem+json"
_TYPE_BASE = "https://docs.smarterfirms.com/problems/"

_STATUS: tuple[tuple[type[errors.DomainError], int], ...] = (
    (errors.InvalidInput, 400),
    (errors.NotAuthenticated, 401),
    (errors.NotFound, 404),
    (errors.NotAllowed, 403),
    (errors.Conflict, 409),
    (errors.PreconditionFailed, 412),
    (errors.LimitReached, 402),
    (errors.RateLimited, 429),
    (errors.VendorRejected, 502),
    (errors.VendorUnavailable, 503),
)


def problem_from_exception(error: Exception, context: dict[str, Any]) -> Response | None:
    """Turn an exception of a view into a problem answer; None lets an unexpected one propagate and be logged."""
    request = context["request"]
    domain_error = error if isinstance(error, errors.DomainError) else _translate(error)
    if domain_error is None:
        return None
    request.accepted_renderer, request.accepted_media_type = JSONRenderer(), CONTENT_TYPE
    status = error.status_code if isinstance(error, exceptions.APIException) else status_of(domain_error)
    logger.info("core.request_refused", extra={"code": domain_error.code, "status": status})
    headers = {}
    retry_after = getattr(domain_error, "retry_after_seconds", None)
    if retry_after is not None:
        headers["Retry-After"] = str(math.ceil(retry_after))
    if status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    body = problem(domain_error, request=request, status=status)
    return Response(body, status=status, headers=headers, content_type=CONTENT_TYPE)


def status_of(error: errors.DomainError) -> int:
    """Return the HTTP status of an error's kind."""
    return next((status for kind, status in _STATUS if isinstance(error, kind)), 400)


def problem(error: errors.DomainError, *, request: Any, status: int) -> dict[str, Any]:
    """Return the body: RFC 9457's members, the stable `code`, the request's id, and `errors` for fields."""
    body: dict[str, Any] = error.extras | {
        "type": _TYPE_BASE + error.code,
        "title": error.title,
        "status": status,
        "detail": error.detail,
        "instance": request.path,
        "code": error.code,
        "request_id": request.META.get("REQUEST_ID", ""),
    }
    if isinstance(error, errors.InvalidInput) and error.faults:
        body["errors"] = [{"pointer": f.pointer, "detail": f.detail, "code": f.code} for f in error.faults]
    return body


class _Unsupported(errors.InvalidInput):
    code = "core.unsupported_media_type"
    title = "Send JSON"


class _NotAcceptable(errors.InvalidInput):
    code = "core.not_acceptable"
    title = "Only JSON is served here"


class _MethodNotAllowed(errors.NotAllowed):
    code = "core.method_not_allowed"
    title = "This address does not take that method"


def _translate(error: Exception) -> errors.DomainError | None:
    if isinstance(error, exceptions.ValidationError):
        return errors.InvalidInput("One or more fields are not valid.", faults=tuple(_faults(error.detail)))
    if isinstance(error, exceptions.ParseError):
        return errors.InvalidInput(str(error.detail), faults=(errors.FieldFault("", str(error.detail), "parse_error"),))
    if isinstance(error, exceptions.UnsupportedMediaType):
        return _Unsupported(str(error.detail))
    if isinstance(error, exceptions.NotAcceptable):
        return _NotAcceptable(str(error.detail))
    if isinstance(error, exceptions.Throttled):
        return errors.RateLimited(str(error.detail), retry_after_seconds=math.ceil(getattr(error, "wait", None) or 1))
    if isinstance(error, exceptions.MethodNotAllowed):
        return _MethodNotAllowed(str(error.detail))
    if isinstance(error, exceptions.NotAuthenticated | exceptions.AuthenticationFailed):
        return errors.NotAuthenticated(str(error.detail))
    if isinstance(error, exceptions.PermissionDenied | PermissionDenied):
        return errors.NotAllowed()
    if isinstance(error, exceptions.NotFound | Http404):
        return errors.NotFound()
    if isinstance(error, exceptions.APIException):
        return errors.DomainError(str(error.detail))
    return None


def _faults(detail: Any, pointer: str = "") -> Iterator[errors.FieldFault]:
    if isinstance(detail, dict):
        for name, inner in detail.items():
            yield from _faults(inner, pointer if name == "non_field_errors" else f"{pointer}/{name}")
    elif isinstance(detail, list):
        for position, inner in enumerate(detail):
            nested = isinstance(inner, dict | list)
            yield from _faults(inner, f"{pointer}/{position}" if nested else pointer)
    else:
        yield errors.FieldFault(pointer, str(detail), getattr(detail, "code", "invalid"))


def plain_problem(request: HttpRequest, error: errors.DomainError, status: int) -> HttpResponse:
    """Return a problem answer outside DRF: unknown addresses, bad requests, faults of ours."""
    body = problem(error, request=request, status=status)
    return JsonResponse(body, status=status, content_type=CONTENT_TYPE)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer an unknown address."""
    return plain_problem(request, errors.NotFound(f"There is nothing at {request.path}."), 404)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request Django itself refused (a bad Host header, a body too large)."""
    return plain_problem(request, errors.InvalidInput("The request is malformed."), 400)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form that came without its token."""
    return plain_problem(request, errors.NotAllowed("The form has expired: load the page again."), 403)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a refusal raised outside DRF."""
    return plain_problem(request, errors.NotAllowed(), 403)


class _Fault(errors.DomainError):
    code = "core.internal_error"
    title = "Something went wrong on our side"


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer an unexpected fault: the id to quote, nothing of the inside."""
    return plain_problem(request, _Fault("It was recorded; quote the request id when you write to us."), 500)
