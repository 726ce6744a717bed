"""Read JSON bodies: what cannot be kept or answered is refused as bad input."""

from collections.abc import Mapping
from typing import Any

from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser


class StrictJSONParser(JSONParser):
    """DRF's parser, except that endless nesting and text no database can hold are a 400 instead of a fault of ours."""

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Mapping[str, Any] | None = None) -> Any:
        """Return the body as Python values. Raises ParseError."""
        try:
            body = super().parse(stream, media_type, dict(parser_context or {}))
            _refuse_unstorable(body)
        except RecursionError:
            raise ParseError("The JSON is nested too deeply.") from None
        return body


def _refuse_unstorable(value: Any) -> None:
    if isinstance(value, str):
        if "\0" in value or any("\ud800" <= character <= "\udfff" for character in value):
            raise ParseError("The JSON holds a character that is no text (NUL or half a surrogate pair).")
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            _refuse_unstorable(name)
            _refuse_unstorable(inner)
    elif isinstance(value, list):
        for inner in value:
            _refuse_unstorable(inner)
