"""Matters."""

from collections.abc import Iterable

from apps.clio.sandbox.entities import shapes
from apps.clio.sandbox.entities.entity import Embedded, Entity, Nested, Recorded
from apps.clio.sandbox.entities.filters import condition, contains, flag, points_to, refers_to_none, says
from apps.clio.sandbox.entities.lookups import Lookups
from apps.clio.sandbox.firm.records import Firm, Matter
from apps.clio.sandbox.fragments import FLAGS, MONEY, NULL, TEXT, etag, instant, optional_day, stamp

STATUS = {"open": "Open", "closed": "Closed", "pending": "Pending"}
RATE_TYPES = {"hourly": "HourlyRate", "flat": "FlatRate", "contingency": "ContingencyFee"}
EMPTY_LISTS = {
    "custom_field_values": shapes.CUSTOM_FIELD_VALUE, "kyc_field_values": shapes.KYC_FIELD_VALUE,
    "custom_field_set_associations": shapes.CUSTOM_FIELD_SET_ASSOCIATION,
    "matter_bill_recipients": shapes.MATTER_BILL_RECIPIENT, "split_invoice_payers": shapes.SPLIT_INVOICE_PAYER,
    "task_template_list_instances": shapes.TASK_TEMPLATE_LIST_INSTACE,
}  # fmt: skip
EMPTY_OBJECTS = {
    "contingency_fee": shapes.CONTINGENCY_FEE, "folder": shapes.FOLDER,
    "legal_aid_uk_matter": shapes.LEGAL_AID_UK_MATTER, "attorney_allocation": shapes.ATTORNEY_ALLOCATION,
}  # fmt: skip


def _rows(firm: Firm, lookups: Lookups) -> Iterable[Recorded]:
    for matter in firm.matters:
        status = "Closed" if matter.closed else "Open" if matter.opened else "Pending"
        lead = matter.lead.id if matter.lead else None
        row = (
            matter.id, etag(matter.id, matter.updated), str(matter.number), TEXT[_display_number(matter)], NULL,
            TEXT[matter.description], TEXT[status], FLAGS[matter.billable], TEXT[matter.billing_method], NULL, NULL,
            optional_day(matter.opened), optional_day(matter.pending), optional_day(matter.closed),
            optional_day(matter.last_activity), stamp(matter.stage_moved or matter.created), FLAGS[matter.has_tasks],
            stamp(matter.created), stamp(matter.updated),
            matter.client.id, lookups.areas[matter.area] if matter.area else None, lookups.stages[matter.stage], lead,
            matter.originator.id if matter.originator else None, lead,
            matter.group.id if matter.group else None, _budget(matter),
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
    return Embedded(
        id=str(number),
        etag=etag(number, 1),
        budget=MONEY[matter.budget],
        include_expenses=FLAGS[1],
        notification_threshold="80",
    )


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
        "matter_stage": Nested(target="matter_stages"),
        "responsible_attorney": Nested(target="users"),
        "originating_attorney": Nested(target="users"),
        "user": Nested(target="users"),
        "group": Nested(target="groups"),
        "matter_budget": Nested(shapes.MATTER_BUDGET),
        "evergreen_retainer": Nested(shapes.EVERGREEN_RETAINER),
        "custom_rate": Nested(shapes.MATTER_CUSTOM_RATE),
        "account_balances": Nested(shapes.ACCOUNT_BALANCE, many=True),
        "currency": Nested(target="currencies"),
        "responsible_staff": Nested(target="users", is_kept=False),
        "statute_of_limitations": Nested(target="tasks", is_kept=False),
        "relationships": Nested(target="relationships", many=True, back="matter"),
        **{name: Nested(shape, many=True, is_kept=False) for name, shape in EMPTY_LISTS.items()},
        **{name: Nested(shape, is_kept=False) for name, shape in EMPTY_OBJECTS.items()},
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
        "currency_id": points_to("currency"),
        "group_id": points_to("group"),
        "responsible_staff_id": refers_to_none(),
        **{f"{column}{ending}": condition(column)
           for column in ("open_date", "close_date", "pending_date") for ending in ("", "[]")},
    },
    ignored=(
        "custom_field_ids[]", "custom_field_values", "grant_id", "notification_event_subscriber_user_id",
        "subscriber_user_id",
    ),
    orders=("display_number", "custom_number", "open_date", "close_date", "pending_date", "created_at", "updated_at",
            "matter_stage_updated_at", "client.name", "practice_area.name", "matter_stage.name",
            "responsible_attorney.name", "originating_attorney.name"),
    order_paths={"clients": "client.name", "grants": "id", "statute_of_limitations.due_at": "id"},
    rows=_rows,
)  # fmt: skip
