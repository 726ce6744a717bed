"""Pages of a firm, of any app: who looks, at which firm and whether they may is settled before the page runs.

The address names the firm: `/firm/people?firm=<public id>`. Accounts supplies the gate through the setting
FIRM_PAGE_GATE, as it supplies who is calling; the other apps' pages know only this module.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.crypto import get_random_string
from django.utils.module_loading import import_string
from django.views.decorators.cache import never_cache

from apps.core.permissions import FirmAccess, Principal
from apps.core.registries import Registry


@dataclass(frozen=True, slots=True)
class FirmVisit:
    """Somebody let in to a page of a firm. frame: what the page's frame shows around it."""

    who: Principal
    access: FirmAccess
    firm_name: str
    frame: Mapping[str, Any] = field(default_factory=dict)

    @property
    def firm_id(self) -> int:
        return self.access.firm_id

    @property
    def user_id(self) -> int:
        return self.who.user_id

    @property
    def firm_public_id(self) -> UUID:
        if self.access.firm_public_id is None:
            raise LookupError("a visit is always of a firm that was named")
        return self.access.firm_public_id

    def address(self, route: str, **values: object) -> str:
        """Return the address of another page of the same firm."""
        return firm_address(reverse(route, kwargs=values or None), self.firm_public_id)


FirmPage = Callable[..., HttpResponseBase]
# Pages that stand in the frame of every firm page, for those who may open them: route -> label.
firm_pages: Registry[str] = Registry("firm page")


def firm_page(page: FirmPage) -> FirmPage:
    """Call the page with a FirmVisit as second argument, if its row in the permission table lets the visitor in.

    Everybody else is led to sign in, to choose a firm, to prove the second step, or is told why not, on a page.
    """

    @wraps(page)
    def answer(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        gate: FirmPage = import_string(settings.FIRM_PAGE_GATE)
        return gate(request, page, kwargs)

    return never_cache(answer)


def firm_address(path: str, firm_public_id: UUID) -> str:
    """Return a page's path with the firm it is to show."""
    return f"{path}?{urlencode({'firm': str(firm_public_id)})}"


def answer_in_frame(
    request: HttpRequest, visit: FirmVisit, template: str, context: Mapping[str, Any], *, status: int = 200
) -> HttpResponse:
    """Render a page of a firm; its template begins with `{% extends layout %}`. It loads nothing from elsewhere."""
    nonce = get_random_string(24)
    values = {**visit.frame, **context, "visit": visit, "layout": settings.FIRM_PAGE_LAYOUT, "nonce": nonce}
    return sealed(render(request, template, values, status=status), nonce)


def sealed(response: HttpResponse, nonce: str) -> HttpResponse:
    """Let nothing be loaded from elsewhere, kept by robots, framed or passed on to other sites.

    `same-origin` and not `no-referrer`: under the latter browsers send forms with `Origin: null`, which the check
    against forged requests refuses.
    """
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Content-Security-Policy"] = (
        f"default-src 'none'; style-src 'nonce-{nonce}'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
    return response
