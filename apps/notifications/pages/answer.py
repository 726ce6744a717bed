"""Pages behind the links of mails: nothing on them is loaded from elsewhere, kept, framed or passed on."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.crypto import get_random_string


def answer_page(request: HttpRequest, template: str, context: Mapping[str, Any], *, status: int = 200) -> HttpResponse:
    """Render a page whose address is a key. Its forms go to ourselves; it works without cookies and scripts."""
    nonce = get_random_string(24)
    response = render(request, template, {**context, "nonce": nonce}, status=status)
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Content-Security-Policy"] = (
        f"default-src 'none'; style-src 'nonce-{nonce}'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
    return response
