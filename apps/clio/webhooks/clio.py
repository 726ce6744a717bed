"""Clio announces changes here: a handshake first, deliveries from then on."""

import logging

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from apps.clio import errors
from apps.clio.queries.webhooks import find_webhook
from apps.clio.services.record_delivery import record_delivery
from apps.clio.services.take_handshake import take_handshake
from apps.clio.vendors.clio_webhooks import read_handshake
from apps.core.errors import DomainError
from apps.core.problems import plain_problem, status_of

logger = logging.getLogger(__name__)
# A delivery carries a dozen fields of one record.
LARGEST_BODY = 64 * 1024
_SECRET, _SIGNATURE = "X-Hook-Secret", "X-Hook-Signature"
# Clio stops calling an address that answers 410; every other refusal it tries again.
_STATUS = {errors.WebhookGone: 410, errors.DeliveryNotSigned: 401, errors.DeliveryTooLarge: 413}


@csrf_exempt
@require_POST
def announcements(request: HttpRequest, token: str) -> HttpResponse:
    """Verify, store, answer; the work is done later."""
    try:
        return _answer(request, token)
    except DomainError as error:
        logger.warning("clio.webhook_refused", extra={"code": error.code})
        return plain_problem(request, error, _STATUS.get(type(error)) or status_of(error))


def _answer(request: HttpRequest, token: str) -> HttpResponse:
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdigit() or int(length) > LARGEST_BODY:
        raise errors.DeliveryTooLarge
    reference = find_webhook(token)
    if reference is None:
        raise errors.WebhookGone
    secret, signature = request.headers.get(_SECRET, ""), request.headers.get(_SIGNATURE, "")
    if secret and not signature:
        number = read_handshake(request.body)
        take_handshake(reference, secret=secret, clio_webhook_id=number, now=timezone.now())
        return HttpResponse(status=200, headers={_SECRET: secret})
    record_delivery(reference, request.body, signature=signature, now=timezone.now())
    return HttpResponse(status=200)
