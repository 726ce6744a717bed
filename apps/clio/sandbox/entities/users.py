"""Users: everybody with a login, former colleagues and a client's login too."""

from collections.abc import Iterable
from datetime import date

from apps.clio.sandbox.entities import shapes
from apps.clio.sandbox.entities.entity import Entity, Nested, Recorded
from apps.clio.sandbox.entities.filters import contains, flag, nothing_is, says
from apps.clio.sandbox.entities.lookups import TIME_ZONE, Lookups
from apps.clio.sandbox.firm.records import Firm, Person
from apps.clio.sandbox.fragments import FLAGS, MONEY, NULL, TEXT, etag, instant, stamp


def _rows(firm: Firm, lookups: Lookups) -> Iterable[Recorded]:
    for person in firm.people:
        created = person.first_day * 86_400 + 32_400
        updated = max(created, _last_change(person, firm))
        row = (
            person.id, etag(person.id, updated), TEXT[person.name], TEXT[person.first_name], TEXT[person.last_name],
            TEXT[person.first_name[0] + person.last_name[0]], TEXT[_address(person)],
            FLAGS[person.last_day is None], FLAGS[person.is_owner],
            "[" + ",".join(TEXT[role] for role in person.roles) + "]",
            TEXT["Attorney" if person.is_attorney else "NonAttorney"],
            MONEY[person.rates[max(person.rates)]] if person.rates else NULL, TEXT[TIME_ZONE],
            FLAGS[person.is_guest], NULL, stamp(created), stamp(updated),
            lookups.account, lookups.titles[person.role], lookups.groups_of[person.id],
        )  # fmt: skip
        yield row, instant(created), instant(updated)


def _last_change(person: Person, firm: Firm) -> int:
    """A rate is raised on the first of January; who leaves is disabled the evening of the last day."""
    if person.last_day is not None:
        return person.last_day * 86_400 + 64_800
    new_year = date(date.fromordinal(firm.last_day).year, 1, 1).toordinal()
    return new_year * 86_400 + 36_000 if person.rates else 0


def _address(person: Person) -> str:
    plain = person.name.encode("ascii", "ignore").decode().lower().replace("'", "").replace(" ", ".")
    return f"{plain}@firm.example"


USERS = Entity(
    name="users",
    scalars=(
        "id", "etag", "name", "first_name", "last_name", "initials", "email", "enabled", "account_owner", "roles",
        "subscription_type", "rate", "time_zone", "clio_connect", "phone_number", "created_at", "updated_at",
    ),
    nested={
        "account": Nested(shapes.ACCOUNT),
        "job_title": Nested(shapes.JOB_TITLE),
        "groups": Nested(target="groups", many=True),
        "avatar": Nested(shapes.AVATAR, is_kept=False),
        "contact": Nested(target="contacts", is_kept=False),
        "default_activity_description": Nested(target="activity_descriptions", is_kept=False),
        "notification_methods": Nested(shapes.NOTIFICATION_METHOD, many=True, is_kept=False),
    },
    unset=("court_rules_default_attendee", "default_calendar_id"),
    filters={
        "enabled": flag("enabled"),
        "name": contains("name"),
        "role": contains("roles"),
        "pending_setup": nothing_is(),
        "subscription_type": says("subscription_type", {"attorney": "Attorney", "nonattorney": "NonAttorney"}),
    },
    ignored=("include_co_counsel",),
    orders=("enabled", "name", "first_name", "last_name", "initials", "subscription_type"),
    max_limit=2000,
    rows=_rows,
)  # fmt: skip
