"""Kinds of work that time entries are recorded under."""

from collections.abc import Iterable

from apps.clio.sandbox.entities import shapes
from apps.clio.sandbox.entities.entity import Embedded, Entity, Nested, Recorded
from apps.clio.sandbox.entities.filters import Filter, Test, one_of
from apps.clio.sandbox.entities.lookups import DESCRIPTIONS, Lookups
from apps.clio.sandbox.firm.records import Firm
from apps.clio.sandbox.fragments import FLAGS, MONEY, TEXT, etag, instant, stamp

FLAT = "Fee"


def _rows(firm: Firm, lookups: Lookups) -> Iterable[Recorded]:
    when, seconds = stamp(lookups.moment), instant(lookups.moment)
    owner = next(person for person in firm.people if person.is_owner)
    usual = Embedded(amount=MONEY[owner.rates[max(owner.rates)]], non_billable_amount=MONEY[0], type=TEXT["User"],
                     hierarchy=TEXT["Default"])  # fmt: skip
    flat = Embedded(amount=MONEY[250_000], non_billable_amount=MONEY[0], type=TEXT["FlatRate"],
                    hierarchy=TEXT["Activity"])  # fmt: skip
    for name in DESCRIPTIONS:
        number, is_flat = lookups.descriptions[name], name == FLAT
        row = (
            number, etag(number, 1), TEXT[name], TEXT["ActivityDescription"], TEXT["flat" if is_flat else "hourly"],
            FLAGS[0], FLAGS[1], FLAGS[0], when, when,
            lookups.currency, (lookups.group,), flat if is_flat else usual,
        )  # fmt: skip
        yield row, seconds, seconds


def _type(entity: Entity, text: str) -> Test:
    """Every description here is Clio's own kind, none of the UTBMS code set."""
    one_of(text, ("utbms", "clio"))
    return lambda row: text == "clio"


def _flat_rate(entity: Entity, text: str) -> Test:
    at, wanted = entity.positions["category_type"], one_of(text, ("true", "false")) == "true"
    return lambda row: (row[at] == TEXT["flat"]) == wanted


ACTIVITY_DESCRIPTIONS = Entity(
    name="activity_descriptions",
    scalars=(
        "id", "etag", "name", "type", "category_type", "default", "accessible_to_user", "visible_to_co_counsel",
        "created_at", "updated_at",
    ),
    nested={
        "currency": Nested(target="currencies"),
        "groups": Nested(target="groups", many=True),
        "rate": Nested(shapes.ACTIVITY_DESCRIPTION_RATE),
        "utbms_task": Nested(shapes.UTBMS_CODE, is_kept=False),
        "utbms_activity": Nested(shapes.UTBMS_CODE, is_kept=False),
    },
    unset=("utbms_activity_id", "utbms_task_name", "utbms_task_id", "xero_service_code"),
    filters={"type": Filter(_type), "flat_rate": Filter(_flat_rate)},
    rows=_rows,
)  # fmt: skip
