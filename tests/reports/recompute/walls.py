"""Which matters Clio keeps to a group, and who is inside: worked out by people, not by tables."""

from typing import Any

Record = dict[str, Any]
INSIDE = "inside"


def mark_walls(records: dict[str, list[Record]]) -> None:
    """Note on every matter who may see it besides the whole firm: a set of users, or None for everybody."""
    users, groups = records["users"], {each["id"]: each for each in records.get("groups", [])}
    at_work = {each["id"] for each in users if each.get("enabled") and not each.get("clio_connect")}
    for matter in records["matters"]:
        group = (matter.get("group") or {}).get("id")
        members = {each["id"] for each in groups.get(group, {}).get("users") or []}
        members |= {each["id"] for each in users if group in [own["id"] for own in each.get("groups") or []]}
        is_of_all = group in groups and bool(at_work) and at_work <= members
        matter[INSIDE] = None if group is None or is_of_all else members


def is_kept_from(matter: Record | None, me: int | None) -> bool:
    """Tell whether a wall stands between a person and a matter; what lies on no matter is open."""
    inside = (matter or {}).get(INSIDE)
    return inside is not None and me not in inside
