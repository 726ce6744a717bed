"""Clio calls here when somebody removes our application in Clio."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from apps.clio.errors import DeliveryTooLarge
from apps.clio.services.note_deauthorization import note_deauthorization
from apps.core.errors import DomainError
from apps.core.problems import plain_problem, status_of

_LARGEST_BODY = 16 * 1024


@csrf_exempt
@require_POST
def deauthorized(request: HttpRequest, token: str) -> HttpResponse:
    """Take the call and answer; whether it is true is asked later, of Clio."""
    try:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isdigit() or int(length) > _LARGEST_BODY:
            raise DeliveryTooLarge
        note_deauthorization(token=token, body=request.body)
    except DomainError as error:
        return plain_problem(request, error, 413 if isinstance(error, DeliveryTooLarge) else status_of(error))
    return HttpResponse(status=200)
