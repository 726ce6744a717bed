"""The OpenAPI document: besides each view's own answers, every operation lists the problems it can end in."""

import re
from functools import cache
from typing import Any

from django.urls import get_resolver
from drf_spectacular.openapi import AutoSchema

from apps.core.checks import list_routes
from apps.core.permissions import Audience, table
from apps.core.problems import CONTENT_TYPE

_PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "instance", "code", "request_id"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string"},
        "code": {"type": "string"},
        "request_id": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "detail", "code"],
                "properties": {
                    "pointer": {"type": "string"},
                    "detail": {"type": "string"},
                    "code": {"type": "string"},
                },
            },
        },
    },
}
_ALWAYS = {"400": "The input is not valid", "429": "Too many requests"}
_SIGNED_IN = {"401": "Nobody is signed in"}
_FIRM = {"403": "The role does not allow it", "404": "No such thing in this firm"}
_ONE_THING = {"404": "No such thing"}
_WRITES = {"409": "Not possible in the current state"}


def add_problem_component(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Post-processing hook: define the Problem schema once."""
    result.setdefault("components", {}).setdefault("schemas", {})["Problem"] = _PROBLEM
    return result


class ProblemSchema(AutoSchema):
    """drf-spectacular's schema plus the problem answers that the route's row in the permission table implies."""

    def get_operation(self, *args: Any, **kwargs: Any) -> dict[str, Any] | None:
        """Return the operation with its problem answers added."""
        operation: dict[str, Any] | None = super().get_operation(*args, **kwargs)
        if operation is not None:
            for status, text in self._problems().items():
                operation["responses"].setdefault(status, _problem_answer(text))
        return operation

    def get_tags(self) -> list[str]:
        """Group operations by the app that answers them."""
        return [type(self.view).__module__.split(".")[1].capitalize()]

    def get_auth(self) -> list[dict[str, Any]]:
        """Ask for a token everywhere but on public routes."""
        return [] if self._is_public() else super().get_auth()

    def _is_public(self) -> bool:
        rule = table.find_rule(_route_names().get(self.path, ""), self.method)
        return rule is not None and rule.audience is Audience.PUBLIC

    def _problems(self) -> dict[str, str]:
        problems = dict(_ALWAYS)
        if not self._is_public():
            problems |= _SIGNED_IN
        if "{firm_id}" in self.path:
            problems |= _FIRM
        elif "{" in self.path:
            problems |= _ONE_THING
        if self.method not in ("GET", "HEAD"):
            problems |= _WRITES
        return problems


@cache
def _route_names() -> dict[str, str]:
    """Return the route's name by its path as the document writes it: `/api/v1/firms/{firm_id}`."""
    routes = list_routes(get_resolver().url_patterns)
    return {"/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", path): name for name, path in routes if name}


def _problem_answer(text: str) -> dict[str, Any]:
    return {"description": text, "content": {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}}
