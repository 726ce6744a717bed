"""Mailgun's events about mails we sent."""

import logging

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from apps.core.errors import DomainError
from apps.core.problems import plain_problem
from apps.notifications.services.record_event import record_event
from apps.notifications.vendors import mailgun

logger = logging.getLogger(__name__)
_DO_NOT_RETRY = 406


@csrf_exempt
@require_POST
def events(request: HttpRequest) -> HttpResponse:
    """Verify, store, answer. What is refused is answered 406, which Mailgun does not send again."""
    if not mailgun.is_configured():
        raise Http404
    try:
        signed = mailgun.read_event(request, now=timezone.now())
        record_event(signed.event, token_digest=signed.token_digest)
    except DomainError as error:
        logger.warning("notifications.callback_refused", extra={"vendor": mailgun.VENDOR, "code": error.code})
        return plain_problem(request, error, _DO_NOT_RETRY)
    return HttpResponse(status=200)
