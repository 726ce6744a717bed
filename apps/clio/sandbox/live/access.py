"""Acts that change what can be seen: the circle's members, and on demand permissions and hours."""

from __future__ import annotations

from apps.clio.sandbox.live.desk import Desk


def change_circle(desk: Desk) -> int | None:
    """Somebody joins or leaves the confidential circle; the owner stays."""
    circle = desk.choose("groups", desk.where("groups", type='"AdhocGroup"'))
    person = desk.choose("users", desk.where("users", account_owner="false"))
    if circle is None or person is None:
        return None
    members = [each["id"] for each in circle["users"]]
    rest = [each for each in members if each != person["id"]]
    now = rest if len(rest) < len(members) else [*members, person["id"]]
    desk.change("groups", circle["id"], users=[{"id": each} for each in now])
    groups = [each for each in person["groups"] if each["id"] != circle["id"]]
    joined = [{"id": circle["id"]}] if len(now) > len(members) else []
    desk.change("users", person["id"], groups=[*groups, *joined])
    return int(circle["id"])


def hide_hours(desk: Desk) -> int | None:
    """The owner's view of other people's hours is taken away, or given back."""
    owner = desk.choose("users", desk.where("users", account_owner="true"))
    if owner is None:
        return None
    limits = desk.access.limits.get(owner["id"])
    desk.access.limit(owner["id"], {"hours": "all" if limits is not None and limits.hours == "own" else "own"})
    return int(owner["id"])


def take_permission(desk: Desk) -> int | None:
    """The application loses one of its permissions, or gets back all it had lost."""
    names = ["Activities", "Billing", "Tasks", "Calendars", "Accounting", "Payments"]
    desk.access.deny([] if desk.access.denied else [desk.pick(names)])
    return 0
