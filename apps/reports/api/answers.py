"""Views whose answers stay what they are until the firm's data move: tagged, not sent twice, not computed twice."""

import hashlib
from abc import ABC, abstractmethod
from datetime import datetime
from typing import Any

from django.core.cache import cache
from django.http import HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request

from apps.core.views import FirmView
from apps.reports.services.find_version import find_version

# What makes an answer void is its version, which is a part of its key; after a day it only makes room.
_KEPT_SECONDS = 24 * 3600


class AnswerView(FirmView, ABC):
    """A view of figures. The subclass says by `find` what is answered and by `depends_on` on what else it depends.

    An answer is named by the firm's data and settings, the day in its zone, the reader's scope and permissions, and the
    question; whoever has the answer of that name is told so without computing it. It is kept in the shared cache under
    the same name: losing that loses only time.
    """

    @abstractmethod
    def find(self, *args: Any, **kwargs: Any) -> Any:
        """Return the answer to a request as plain values; `now` and what the address names come by keyword."""

    def depends_on(self, *_args: Any, **_kwargs: Any) -> object:
        """Return what the answer depends on besides, such as the version of a saved report.

        It is asked before anything is told of what is known: raise here what keeps the caller from the answer.
        """
        return None

    def read(self, request: Request, **kwargs: Any) -> HttpResponseBase:
        """Answer from inside the firm's transaction, from what is known if nothing moved."""
        now = timezone.now()
        name = self._name(request, now, kwargs)
        if name is None:
            return HttpResponse(self._render(request, now, kwargs), content_type="application/json")
        tag = f'W/"{name}"'
        answer: HttpResponseBase = HttpResponseNotModified()
        if not _is_known(request, tag):
            answer = HttpResponse(self._kept(request, now, kwargs, name), content_type="application/json")
        answer["ETag"] = tag
        answer["Cache-Control"] = "private, no-cache"
        patch_vary_headers(answer, ("Authorization",))
        return answer

    def _kept(self, request: Request, now: datetime, kwargs: dict[str, Any], name: str) -> bytes:
        key = f"reports:answer:{name}"
        body: bytes | None = cache.get(key)
        if body is None:
            body = self._render(request, now, kwargs)
            cache.set(key, body, _KEPT_SECONDS)
        return body

    def _render(self, request: Request, now: datetime, kwargs: dict[str, Any]) -> bytes:
        rendered: Any = JSONRenderer().render(self.find(request, now=now, **kwargs))
        body: bytes = rendered
        return body

    def _name(self, request: Request, now: datetime, kwargs: dict[str, Any]) -> str | None:
        """Name the answer by all it is made from; None while there are no figures."""
        access = self.access
        version = find_version(firm_id=access.firm_id, now=now)
        if version is None:
            return None
        asked = sorted((name, tuple(values)) for name, values in request.query_params.lists())
        reader = (access.scope.digest(), sorted(access.permissions))
        parts = (
            type(self).__name__,
            version,
            reader,
            asked,
            sorted(kwargs.items()),
            self.depends_on(request, **kwargs),
        )
        return hashlib.sha256(repr(parts).encode()).hexdigest()[:40]


def _is_known(request: Request, tag: str) -> bool:
    return tag in parse_etags(request.headers.get("If-None-Match", ""))
