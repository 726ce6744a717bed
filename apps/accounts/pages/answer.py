"""Pages of accounts: nothing on them is loaded from elsewhere, kept by browsers, framed, or passed on."""

from collections.abc import Mapping
from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.crypto import get_random_string

from apps.core.errors import DomainError, InvalidInput, RateLimited
from apps.core.problems import status_of


def answer_page(
    request: HttpRequest, template: str, context: Mapping[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """Render a page; its forms go to ourselves, and it works without scripts."""
    nonce = get_random_string(24)
    response = render(request, f"accounts/pages/{template}.html", {**(context or {}), "nonce": nonce}, status=status)
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Content-Security-Policy"] = (
        f"default-src 'none'; style-src 'nonce-{nonce}'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
    return response


def answer_message(request: HttpRequest, *, title: str, text: str, link: str = "", label: str = "") -> HttpResponse:
    """Say one thing and where to go from there."""
    return answer_page(request, "message", {"title": title, "text": text, "link": link, "label": label})


def put_into_form(form: Form, error: DomainError) -> int:
    """Show an expected error where it belongs: at the fields it names, else above the form; return its status."""
    faults = error.faults if isinstance(error, InvalidInput) else ()
    for fault in faults:
        name = fault.pointer.rpartition("/")[2]
        form.add_error(name if name in form.fields else None, fault.detail)
    if not faults:
        form.add_error(None, _sentence(error))
    return status_of(error)


def _sentence(error: DomainError) -> str:
    if isinstance(error, RateLimited):
        return f"{error.title}. Try again in {_duration(error.retry_after_seconds)}."
    return error.title if error.detail == error.title else f"{error.title}. {error.detail}"


def _duration(seconds: int) -> str:
    if seconds < 90:
        return f"{seconds} seconds"
    minutes = round(seconds / 60)
    return f"{minutes} minutes" if minutes < 90 else f"{round(minutes / 60)} hours"
