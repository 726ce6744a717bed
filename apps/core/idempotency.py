"""`Idempotency-Key` on posts that create something: the second post with a key gets the first one's answer."""

import hashlib
import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import IntegrityError, transaction
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.errors import Conflict, FieldFault, InvalidInput
from apps.core.models import RememberedAnswer
from apps.core.permissions import caller
from apps.core.tenancy import acting_as

Handler = Callable[..., Response]
_LONGEST_KEY = 100


class KeyInUse(Conflict):
    code = "core.idempotency_key_in_use"
    title = "A request with this Idempotency-Key is still running"


class KeyReused(Conflict):
    code = "core.idempotency_key_reused"
    title = "This Idempotency-Key was used for another request"


def idempotent(handler: Handler) -> Handler:
    """Make a POST handler of a signed-in caller honor `Idempotency-Key`; without the header it runs as it is.

    The key belongs to the person and the route. A different body under a used key raises KeyReused; a request under way
    raises KeyInUse; a failed one forgets its key, so that the caller may try again.
    """

    @wraps(handler)
    def run_once(view: Any, request: Request, **kwargs: Any) -> Response:
        key = request.headers.get("Idempotency-Key", "")
        if not key:
            return handler(view, request, **kwargs)
        if len(key) > _LONGEST_KEY:
            fault = FieldFault("/headers/Idempotency-Key", f"At most {_LONGEST_KEY} characters.", "max_length")
            raise InvalidInput("The Idempotency-Key is too long.", faults=(fault,))
        remembered = _reserve(caller(request).user_id, _route(request), key, _digest(request))
        if remembered.status is not None:
            return Response(remembered.body, status=remembered.status, headers={"Idempotent-Replayed": "true"})
        return _run_and_remember(handler, view, request, kwargs, remembered)

    return run_once


def _run_and_remember(
    handler: Handler, view: Any, request: Request, kwargs: dict[str, Any], remembered: RememberedAnswer
) -> Response:
    user_id = remembered.user_id
    try:
        response = handler(view, request, **kwargs)
    except Exception:
        with acting_as(user_id):
            remembered.delete()
        raise
    with acting_as(user_id):
        RememberedAnswer.objects.filter(pk=remembered.pk).update(
            status=response.status_code, body=json.loads(json.dumps(response.data, default=str))
        )
    return response


def _reserve(user_id: int, route: str, key: str, digest: str) -> RememberedAnswer:
    with acting_as(user_id):
        try:
            with transaction.atomic():
                return RememberedAnswer.objects.create(user_id=user_id, route=route, key=key, request_digest=digest)
        except IntegrityError:
            remembered = RememberedAnswer.objects.get(user_id=user_id, route=route, key=key)
    if remembered.request_digest != digest:
        raise KeyReused
    if remembered.status is None:
        raise KeyInUse
    return remembered


def _route(request: Request) -> str:
    return f"{request.method} {request.path}"[:200]


def _digest(request: Request) -> str:
    return hashlib.sha256(json.dumps(request.data, sort_keys=True, default=str).encode()).hexdigest()
