"""The documents people and firms agree to: each to read, and a firm's agreement in its name."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.views.decorators.http import require_GET

from apps.accounts.pages.answer import answer_page, sentence_of
from apps.accounts.pages.notices import notice_of, with_notice
from apps.accounts.queries.members import list_terms
from apps.accounts.rules.terms import DATA_PROCESSING, DOCUMENTS, IN_FORCE_SINCE, PATHS, TERMS, TITLES
from apps.accounts.services.accept_terms import accept_terms
from apps.core.access import ADMINISTRATORS
from apps.core.client_address import client_ip
from apps.core.errors import DomainError
from apps.core.firm_pages import FirmVisit, answer_in_frame, firm_page
from apps.core.problems import status_of
from apps.core.tenancy import tenant


@require_GET
def terms_page(request: HttpRequest) -> HttpResponse:
    """Show the terms of service in force."""
    return _document(request, TERMS)


@require_GET
def data_processing_page(request: HttpRequest) -> HttpResponse:
    """Show the data-processing agreement in force."""
    return _document(request, DATA_PROCESSING)


@firm_page
def agreements_page(request: HttpRequest, visit: FirmVisit) -> HttpResponse:
    """Show what the firm agreed to; an owner or admin agrees to a document's version in force."""
    problem, status = "", 200
    if request.method == "POST":
        try:
            for document in DOCUMENTS:
                if request.POST.get(document):
                    accept_terms(
                        firm_id=visit.firm_id,
                        actor_id=visit.user_id,
                        document=document,
                        version=request.POST[document][:20],
                        ip=client_ip(request),
                        now=timezone.now(),
                    )
            return HttpResponseRedirect(with_notice(visit.address("agreements-page"), "agreed"))
        except DomainError as error:
            problem, status = sentence_of(error), status_of(error)
    with tenant(visit.firm_id, read_only=True):
        documents = [
            {**row, "title": TITLES[str(row["document"])], "path": PATHS[str(row["document"])]}
            for row in list_terms(scope=visit.access.scope)
        ]
    context = {
        "documents": documents,
        "owed": [each for each in documents if each["accepted_at"] is None],
        "may_agree": visit.access.role in ADMINISTRATORS,
        "problem": problem,
        "notice": notice_of(request),
    }
    return answer_in_frame(request, visit, "accounts/pages/agreements.html", context, status=status)


def _document(request: HttpRequest, document: str) -> HttpResponse:
    context = {
        "title": TITLES[document],
        "version": DOCUMENTS[document],
        "since": IN_FORCE_SINCE[document],
        "text": f"accounts/pages/documents/{document}.html",
    }
    return answer_page(request, "document", context)
