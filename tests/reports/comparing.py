"""The overview as the API renders it, and the same from the recomputation, side by side."""

from datetime import UTC, date, datetime, time
from typing import Any

from apps.core.scope import Grant, Scope, ScopeKind
from apps.core.tenancy import tenant
from apps.reports.api.serializers import OverviewSerializer
from apps.reports.services.compute_overview import compute_overview
from tests.reports.recompute import Books, Viewer, recompute_overview

_GRANT_FIELDS = {
    "people": "timekeeper_ids",
    "areas": "practice_area_ids",
    "clients": "client_ids",
    "groups": "group_ids",
}


def scope_of(firm_id: int, viewer: Viewer) -> Scope:
    """Return our scope for a viewer of the recomputation."""
    grants = tuple(Grant(**{_GRANT_FIELDS[what]: tuple(ids) for what, ids in grant.items()}) for grant in viewer.grants)
    return Scope(firm_id, ScopeKind(viewer.kind), viewer.me, grants, sees_own_matters=viewer.own_matters)


def ours(firm_id: int, first: date, last: date, today: date, viewer: Viewer) -> dict[str, Any]:
    """Return our overview's time, currencies and months; the firm's zone is UTC."""
    now = datetime.combine(today, time(12), UTC)
    with tenant(firm_id):
        overview = compute_overview(scope=scope_of(firm_id, viewer), period=f"{first}..{last}", now=now)
    return rendered(OverviewSerializer(overview).data)


def rendered(answer: Any) -> dict[str, Any]:
    """Return an answer's figures in the form of the recomputation."""
    assert answer["status"] == "ready"
    return {
        "time": plain(answer["time"]),
        "currencies": without_blanks(by_currency(answer["currencies"])),
        "hidden_rows": answer["completeness"]["hidden_rows"],
        "months": _trimmed(
            [
                {"month": each["month"], "time": plain(each["time"]), "currencies": by_currency(each["currencies"])}
                for each in answer["months"]
            ]
        ),
    }


def _trimmed(months: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**month, "currencies": without_blanks(month["currencies"])} for month in months]


def theirs(books: Books, first: date, last: date, today: date, viewer: Viewer) -> dict[str, Any]:
    """Return the recomputed overview."""
    answer = recompute_overview(books, first=first, last=last, today=today, viewer=viewer)
    return {**answer, "currencies": without_blanks(answer["currencies"]), "months": _trimmed(answer["months"])}


def by_currency(blocks: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the figures of each currency."""
    return {block["currency"]: plain(block["figures"]) for block in blocks}


def plain(figures: Any) -> dict[str, Any]:
    """Return plain dictionaries."""
    return {name: dict(items) for name, items in figures.items()}


def without_blanks(blocks: dict[str, Any], firms_own: str = "USD") -> dict[str, Any]:
    """Return the currencies in which there is anything to say; the product leaves out those outside a scope."""
    return {code: block for code, block in blocks.items() if code == firms_own or not _is_blank(block)}


def _is_blank(figures: Any) -> bool:
    if isinstance(figures, dict):
        return all(_is_blank(each) for each in figures.values())
    return figures is None or float(figures) == 0


def differences(mine: Any, other: Any, path: str = "") -> dict[str, tuple[Any, Any]]:
    """Return every figure on which the two disagree: path -> (ours, theirs)."""
    if isinstance(mine, dict) and isinstance(other, dict) and mine.keys() == other.keys():
        found: dict[str, tuple[Any, Any]] = {}
        for name in mine:
            found |= differences(mine[name], other[name], f"{path}/{name}")
        return found
    if isinstance(mine, list) and isinstance(other, list) and len(mine) == len(other):
        return differences(dict(enumerate(mine)), dict(enumerate(other)), path)
    return {} if mine == other else {path: (mine, other)}
