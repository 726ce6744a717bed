"""The local outbox: what a development machine would have sent, to look at."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.notifications.queries.outbox import list_outbox_mails

_FACES = ("mail", "phone", "text")


@require_safe
def outbox(request: HttpRequest) -> HttpResponse:
    """List the outbox and show one mail, the newest unless `?mail=` names another. 404 where real firms may be."""
    if settings.APP_ENV not in ("development", "test"):
        raise Http404
    mails = list_outbox_mails()
    chosen = next((mail for mail in mails if mail.name == request.GET.get("mail")), mails[0] if mails else None)
    face = request.GET.get("as", "mail")
    context = {"mails": mails, "chosen": chosen, "faces": _FACES, "face": face if face in _FACES else "mail"}
    return render(request, "notifications/outbox.html", context)
