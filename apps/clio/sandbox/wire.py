"""Requests and answers as plain values, between the socket and those who answer."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

JSON_TYPE = "application/json; charset=utf-8"
HTML_TYPE = "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Request:
    """What came in. `peer` is the address of the caller, `base_url` how the caller reached the server."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes
    peer: str
    base_url: str

    def parameters(self) -> dict[str, list[str]]:
        """Return the query parameters; a + is a space, percent signs are decoded once."""
        return parse_qs(self.query, keep_blank_values=True)

    def parameter(self, name: str) -> str | None:
        """Return the last value of a query parameter."""
        values = self.parameters().get(name)
        return values[-1] if values else None

    def form(self) -> dict[str, str]:
        """Return the form fields of the body, the last of each name."""
        fields = parse_qs(self.body.decode("utf-8", "replace"), keep_blank_values=True)
        return {name: values[-1] for name, values in fields.items()}

    def json(self) -> dict[str, Any]:
        """Return the JSON object of the body; an empty body is an empty object. Raises ValueError."""
        found = json.loads(self.body) if self.body else {}
        if not isinstance(found, dict):
            raise ValueError("The body must be a JSON object.")
        return found


@dataclass(slots=True)
class Answer:
    """What goes out."""

    status: int = 200
    body: bytes = b""
    content_type: str = JSON_TYPE
    headers: dict[str, str] = field(default_factory=dict)
    after: Callable[[], None] | None = None
    """What is to happen once the answer is out."""


def json_answer(content: object, status: int = 200, headers: dict[str, str] | None = None) -> Answer:
    """Return an answer with a JSON body."""
    return Answer(status, json.dumps(content).encode(), headers=dict(headers or {}))


def error_answer(status: int, kind: str, message: str) -> Answer:
    """Return Clio's standard error object."""
    return json_answer({"error": {"type": kind, "message": message}}, status)
