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
    # Under `no-referrer` browsers send forms with `Origin: null`, and the check against forged requests refuses them.
    response.headers["Referrer-Policy"] = "same-origin"
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
        name = _field_of(form, fault.pointer)
        form.add_error(name, fault.detail)
    if not faults:
        form.add_error(None, sentence_of(error))
    return status_of(error)


def _field_of(form: Form, pointer: str) -> str | None:
    """Return the form's field a fault belongs to, such as `factor_code` for `/code`; None: the form as a whole."""
    names = [part for part in reversed(pointer.split("/")) if part]
    found = (field for name in names for field in (name, f"factor_{name}") if field in form.fields)
    return next(found, None)


def sentence_of(error: DomainError) -> str:
    """Return an expected error in words."""
    if isinstance(error, RateLimited):
        return f"{error.title}. Try again in {_duration(error.retry_after_seconds)}."
    return error.title if error.detail == error.title else f"{error.title}. {error.detail}"


def _duration(seconds: int) -> str:
    if seconds < 90:
        return f"{seconds} seconds"
    minutes = round(seconds / 60)
    return f"{minutes} minutes" if minutes < 90 else f"{round(minutes / 60)} hours"
