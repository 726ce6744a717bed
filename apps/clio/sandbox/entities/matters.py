"""Matters."""

from collections.abc import Iterable

from apps.clio.sandbox.entities import shapes
from apps.clio.sandbox.entities.entity import Embedded, Entity, Nested, Recorded
from apps.clio.sandbox.entities.filters import condition, contains, flag, points_to, says
from apps.clio.sandbox.entities.lookups import Lookups
from apps.clio.sandbox.firm.records import Firm, Matter
from apps.clio.sandbox.fragments import FLAGS, MONEY, NULL, TEXT, etag, instant, optional_day, stamp

STATUS = {"open": "Open", "closed": "Closed", "pending": "Pending"}
RATE_TYPES = {"hourly": "HourlyRate", "flat": "FlatRate", "contingency": "ContingencyFee"}
EMPTY_LISTS = (
    "custom_field_values", "custom_field_set_associations", "matter_bill_recipients", "relationships",
    "task_template_list_instances", "kyc_field_values", "split_invoice_payers",
)  # fmt: skip
EMPTY_OBJECTS = ("contingency_fee", "folder", "statute_of_limitations", "legal_aid_uk_matter", "attorney_allocation")


def _rows(firm: Firm, lookups: Lookups) -> Iterable[Recorded]:
    for matter in firm.matters:
        status = "Closed" if matter.closed else "Open" if matter.opened else "Pending"
        lead = matter.lead.id if matter.lead else None
        row = (
            matter.id, etag(matter.id, matter.updated), str(matter.number), TEXT[_display_number(matter)], NULL,
            TEXT[matter.description], TEXT[status], FLAGS[matter.billable], TEXT[matter.billing_method], NULL, NULL,
            optional_day(matter.opened), optional_day(matter.pending), optional_day(matter.closed),
            optional_day(matter.last_activity), stamp(matter.stage_moved or matter.created), FLAGS[0],
            stamp(matter.created), stamp(matter.updated),
            matter.client.id, lookups.areas[matter.area] if matter.area else None, lookups.stages[matter.stage], lead,
            matter.originator.id if matter.originator else None, lead, lookups.group, _budget(matter),
            _evergreen(matter), Embedded(type=TEXT[RATE_TYPES[matter.billing_method]], on_invoice=FLAGS[0]),
            lookups.balances(matter.id, matter.trust), lookups.currency,
        )  # fmt: skip
        yield row, instant(matter.created), instant(matter.updated)


def _display_number(matter: Matter) -> str:
    client = matter.client
    return f"{matter.number:05d}-{(client.last_name or client.name).split()[0]}"


def _budget(matter: Matter) -> Embedded | None:
    if matter.budget is None:
        return None
    number = matter.id + 77
    return Embedded(id=str(number), etag=etag(number, 1), budget=MONEY[matter.budget], include_expenses=FLAGS[1])


def _evergreen(matter: Matter) -> Embedded | None:
    if matter.evergreen is None:
        return None
    number = matter.id + 78
    return Embedded(id=str(number), etag=etag(number, 1), minimum_threshold=MONEY[matter.evergreen])


MATTERS = Entity(
    name="matters",
    scalars=(
        "id", "etag", "number", "display_number", "custom_number", "description", "status", "billable",
        "billing_method", "location", "client_reference", "open_date", "pending_date", "close_date",
        "last_activity_date", "matter_stage_updated_at", "has_tasks", "created_at", "updated_at",
    ),
    nested={
        "client": Nested(target="contacts"),
        "practice_area": Nested(target="practice_areas"),
        "matter_stage": Nested(shapes.MATTER_STAGE),
        "responsible_attorney": Nested(target="users"),
        "originating_attorney": Nested(target="users"),
        "user": Nested(target="users"),
        "group": Nested(shapes.GROUP),
        "matter_budget": Nested(shapes.MATTER_BUDGET),
        "evergreen_retainer": Nested(shapes.EVERGREEN),
        "custom_rate": Nested(shapes.CUSTOM_RATE),
        "account_balances": Nested(shapes.ACCOUNT_BALANCE, many=True),
        "currency": Nested(shapes.CURRENCY),
        "responsible_staff": Nested(target="users", is_kept=False),
        **dict.fromkeys(EMPTY_LISTS, Nested(many=True, is_kept=False)),
        **dict.fromkeys(EMPTY_OBJECTS, Nested(is_kept=False)),
    },
    unset=("client_id", "maildrop_address", "shared"),
    filters={
        "status": says("status", STATUS),
        "billable": flag("billable"),
        "client_id": points_to("client"),
        "practice_area_id": points_to("practice_area"),
        "responsible_attorney_id": points_to("responsible_attorney"),
        "originating_attorney_id": points_to("originating_attorney"),
        "query": contains("display_number", "description"),
        **{f"{column}{ending}": condition(column)
           for column in ("open_date", "close_date", "pending_date") for ending in ("", "[]")},
    },
    orders=("display_number", "open_date", "close_date", "pending_date", "created_at", "updated_at",
            "matter_stage_updated_at"),
    rows=_rows,
)  # fmt: skip
