"""Twilio's reports about text messages we sent, and the messages people send to our number."""

import logging
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from apps.core.errors import DomainError
from apps.core.problems import plain_problem, status_of
from apps.notifications.contracts import EventKind
from apps.notifications.rules.sms_keywords import HELP_TEXT
from apps.notifications.services.record_event import record_event, record_inbound
from apps.notifications.vendors import twilio

logger = logging.getLogger(__name__)


@csrf_exempt
@require_POST
def status(request: HttpRequest, message_key: UUID) -> HttpResponse:
    """Verify, store, answer."""
    _refuse_without_account()
    try:
        record_event(twilio.read_status(request, message_key=message_key))
    except DomainError as error:
        return _refused(request, error)
    return HttpResponse(status=204)


@csrf_exempt
@require_POST
def inbound(request: HttpRequest) -> HttpResponse:
    """Verify, store, answer. Twilio itself answers STOP and START.

    HELP is answered here unless Twilio states that it read the word: an account that answers it by default gives two
    answers, which is better than none.
    """
    _refuse_without_account()
    try:
        message = twilio.read_inbound(request)
        asked = record_inbound(message, vendor=twilio.VENDOR, now=timezone.now())
    except DomainError as error:
        return _refused(request, error)
    says = HELP_TEXT if asked is EventKind.HELP and not message.stated_meaning else ""
    return HttpResponse(twilio.twiml(says), content_type="text/xml")


def _refuse_without_account() -> None:
    if not twilio.is_configured():
        raise Http404


def _refused(request: HttpRequest, error: DomainError) -> HttpResponse:
    logger.warning("notifications.callback_refused", extra={"vendor": twilio.VENDOR, "code": error.code})
    return plain_problem(request, error, status_of(error))
