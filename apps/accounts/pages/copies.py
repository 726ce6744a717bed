"""A firm's copies of everything on pages: ask for one, fetch one."""

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone

from apps.accounts.errors import ExportNotFound
from apps.accounts.pages.answer import sentence_of
from apps.accounts.pages.notices import notice_of, with_notice
from apps.accounts.queries.privacy import find_export, list_exports
from apps.accounts.services.export_firm import open_firm_export, request_firm_export
from apps.core.client_address import client_ip
from apps.core.errors import DomainError
from apps.core.firm_pages import FirmVisit, answer_in_frame, firm_page
from apps.core.problems import status_of
from apps.core.tenancy import tenant


@firm_page
def copies_page(request: HttpRequest, visit: FirmVisit) -> HttpResponse:
    """List the copies; the button has a new one made."""
    problem, status = "", 200
    if request.method == "POST":
        try:
            request_firm_export(firm_id=visit.firm_id, actor_id=visit.user_id, now=timezone.now())
            return HttpResponseRedirect(with_notice(visit.address("copies-page"), "copy-begun"))
        except DomainError as error:
            problem, status = sentence_of(error), status_of(error)
    with tenant(visit.firm_id, read_only=True):
        copies = list_exports(scope=visit.access.scope)
    context = {"copies": copies, "problem": problem, "notice": notice_of(request), "now": timezone.now()}
    return answer_in_frame(request, visit, "accounts/pages/copies.html", context, status=status)


@firm_page
def copy_page(request: HttpRequest, visit: FirmVisit, export_id: int) -> HttpResponse | FileResponse:
    """Show one copy; its button hands the file out and notes that in the trail."""
    try:
        if request.method == "POST":
            file = open_firm_export(
                firm_id=visit.firm_id,
                export_id=export_id,
                actor_id=visit.user_id,
                ip=client_ip(request),
                now=timezone.now(),
            )
            return FileResponse(file, as_attachment=True, filename="firm.zip", content_type="application/zip")
        with tenant(visit.firm_id, read_only=True):
            found = find_export(scope=visit.access.scope, export_id=export_id)
    except ExportNotFound as error:
        said = {
            "title": error.title,
            "text": "It is not ready yet, or was removed after its seven days. You can have another one made.",
            "link": visit.address("copies-page"),
            "label": "All copies",
        }
        return answer_in_frame(request, visit, "accounts/pages/said.html", said, status=404)
    context = {"copy": found, "is_ready": found.is_ready_at(timezone.now())}
    return answer_in_frame(request, visit, "accounts/pages/copy.html", context)
