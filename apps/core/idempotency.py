"""`Idempotency-Key` on posts that create something: the second post with a key gets the first one's answer."""

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.errors import Conflict, FieldFault, InvalidInput
from apps.core.models import RememberedAnswer
from apps.core.permissions import caller
from apps.core.tenancy import acting_as

Handler = Callable[..., Response]
_LONGEST_KEY = 100
_ABANDONED_AFTER = timedelta(minutes=5)  # far above the web server's own time limit


class KeyInUse(Conflict):
    code = "core.idempotency_key_in_use"
    title = "A request with this Idempotency-Key is still running"


class KeyReused(Conflict):
    code = "core.idempotency_key_reused"
    title = "This Idempotency-Key was used for another request"


def idempotent(handler: Handler) -> Handler:
    """Make a POST handler of a signed-in caller honor `Idempotency-Key`; without the header it runs as it is.

    The key belongs to the person and the route. A different body under a used key raises KeyReused; a request under way
    raises KeyInUse; a failed one forgets its key, so that the caller may try again. One whose process died is taken
    over after _ABANDONED_AFTER: its effect may then happen a second time, unless the service itself refuses twice.
    """

    @wraps(handler)
    def run_once(view: Any, request: Request, **kwargs: Any) -> Response:
        key = request.headers.get("Idempotency-Key", "")
        if not key:
            return handler(view, request, **kwargs)
        if len(key) > _LONGEST_KEY or not key.isprintable():
            fault = FieldFault("/headers/Idempotency-Key", f"At most {_LONGEST_KEY} printable characters.", "invalid")
            raise InvalidInput("The Idempotency-Key is not usable.", faults=(fault,))
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
            remembered = RememberedAnswer.objects.filter(user_id=user_id, route=route, key=key).first()
            if remembered is not None and remembered.request_digest != digest:
                raise KeyReused from None
            if remembered is None or (remembered.status is None and not _take_over(remembered)):
                raise KeyInUse from None
    return remembered


def _take_over(remembered: RememberedAnswer) -> bool:
    """Claim a request that never came to its answer because its process died; one of many takers gets it."""
    abandoned = RememberedAnswer.objects.filter(
        pk=remembered.pk, status__isnull=True, created_at__lt=timezone.now() - _ABANDONED_AFTER
    )
    return abandoned.update(created_at=timezone.now()) == 1


def _route(request: Request) -> str:
    return f"{request.method} {request.path}"[:200]


def _digest(request: Request) -> str:
    return hashlib.sha256(json.dumps(request.data, sort_keys=True, default=str).encode()).hexdigest()
