"""Who looks: the whole firm, a subset by grants, or a person's own rows."""

from dataclasses import dataclass, field
from typing import Any

from tests.reports.recompute.walls import is_kept_from


@dataclass
class Viewer:
    """kind: whole_firm, subset or self; me: a user id; grants: lists of ids under people, areas, clients, groups.

    own_matters: a person's own are the matters they are responsible for or originated too.
    """

    kind: str = "whole_firm"
    me: int | None = None
    grants: list[dict[str, list[int]]] = field(default_factory=list)
    own_matters: bool = True

    def sees(self, person: int | None, matter: dict[str, Any] | None, payer: int | None = None) -> bool:
        """Tell whether a row of this person and matter is in scope."""
        if self.kind == "whole_firm":
            return True
        if is_kept_from(matter, self.me):
            return False
        lawyers = [ref(matter, "responsible_attorney"), ref(matter, "originating_attorney")]
        if self.kind == "self":
            return self.me is not None and self.me in [person, *(lawyers if self.own_matters else ())]
        client = ref(matter, "client")
        having = {
            "people": person,
            "areas": ref(matter, "practice_area"),
            "groups": ref(matter, "group"),
            "clients": client if client is not None else payer,
        }
        return any(grant and all(having[what] in ids for what, ids in grant.items()) for grant in self.grants)

    def sees_capacity_of(self, person: int) -> bool:
        """Tell whether a person's available hours are in scope."""
        if self.kind == "whole_firm":
            return True
        if self.kind == "self":
            return person == self.me
        return any(set(grant) == {"people"} and person in grant["people"] for grant in self.grants)

    @property
    def has_capacity(self) -> bool:
        """Tell whether available hours mean anything in this scope."""
        return self.kind != "subset" or any(set(grant) == {"people"} for grant in self.grants)


def ref(record: dict[str, Any] | None, name: str) -> int | None:
    """Return the id of a nested object, or None."""
    nested = (record or {}).get(name)
    return nested["id"] if nested else None
