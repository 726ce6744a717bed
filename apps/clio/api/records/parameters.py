"""The parameters of a list, as the OpenAPI document names them."""

from drf_spectacular.utils import OpenApiParameter

from apps.clio.queries.records.declaration import Filter, Kind, RecordKind
from apps.core.pages import LARGEST_PAGE, PAGE_SIZE

_FIELDS = OpenApiParameter("fields", str, description="Only these fields, by commas; the id always comes too.")
_INCLUDE = OpenApiParameter(
    "include", str, enum=["gone"], description="Also records no longer in Clio, as they were last seen, with `gone_at`."
)
_TYPES = {Kind.DAY: "date", Kind.INSTANT: "date-time"}


def parameters_of_one() -> list[OpenApiParameter]:
    """Return what may be asked of a single record."""
    return [_FIELDS, _INCLUDE]


def parameters_of_list(kind: RecordKind) -> list[OpenApiParameter]:
    """Return what may be asked of a list."""
    sorts = [each.name for each in kind.all_sorts]
    since = (
        "Only records our copy of which changed since. Sorted by `" + kind.follows_by + "` unless asked otherwise. "
        "With `include=gone` deletions can be followed; begin the next reading five minutes before this one began."
    )
    found = [
        *[_of_filter(each, each.help) for each in kind.filters],
        _of_filter(kind.updated_since, since),
        OpenApiParameter(
            "sort",
            str,
            enum=[*sorts, *[f"-{name}" for name in sorts]],
            description=f"`{kind.default_sort}` if left out. Missing values come last, going down first.",
        ),
        OpenApiParameter("cursor", str, description="Where the page begins; take it from `next` or `previous`."),
        OpenApiParameter("page_size", int, description=f"1 to {LARGEST_PAGE}, {PAGE_SIZE} if left out."),
        *parameters_of_one(),
    ]
    if kind.sought:
        where = " or ".join(each.says for each in kind.sought)
        what = "What stands anywhere in" if kind.sought[0].is_anywhere else "The beginning of"
        found.append(OpenApiParameter("search", str, description=f"{what} {where}, in any case of letters."))
    return found


def _of_filter(each: Filter, help_text: str) -> OpenApiParameter:
    if each.kind is Kind.FLAG:
        return OpenApiParameter(each.name, bool, description=help_text)
    if each.kind in _TYPES:
        schema = {"type": "string", "format": _TYPES[each.kind]}
        return OpenApiParameter(each.name, schema, description=help_text)
    return OpenApiParameter(each.name, str, enum=list(each.choices) or None, description=help_text)
