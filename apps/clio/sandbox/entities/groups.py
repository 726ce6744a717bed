"""Groups of users: everybody's, one of each user's own, teams, and circles that keep matters to themselves."""

from collections.abc import Iterable

from apps.clio.sandbox.entities.entity import Entity, Nested, Recorded
from apps.clio.sandbox.entities.filters import contains, holds, nothing_is, says
from apps.clio.sandbox.entities.lookups import Lookups
from apps.clio.sandbox.firm.records import Firm
from apps.clio.sandbox.fragments import FLAGS, TEXT, etag, instant, stamp

TYPES = ("UserGroup", "AdhocGroup", "AccountGroup", "TeamGroup")


def _rows(firm: Firm, lookups: Lookups) -> Iterable[Recorded]:
    for group in firm.groups:
        row = (
            group.id, etag(group.id, group.created), TEXT[group.name], TEXT[group.type], FLAGS[0],
            stamp(group.created), tuple(person.id for person in group.members),
        )  # fmt: skip
        yield row, instant(group.created), instant(group.created)


GROUPS = Entity(
    name="groups",
    scalars=("id", "etag", "name", "type", "client_connect_user", "updated_at"),
    nested={"users": Nested(target="users", many=True)},
    filters={
        "archived": nothing_is(),
        "name": says("name"),
        "query": contains("name"),
        "type": says("type", {name: name for name in TYPES}),
        "user_id": holds("users"),
    },
    orders=("name",),
    rows=_rows,
)
