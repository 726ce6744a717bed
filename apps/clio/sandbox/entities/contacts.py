"""Contacts: clients, their people, vendors and bystanders."""

from collections.abc import Iterable

from apps.clio.sandbox.entities import shapes
from apps.clio.sandbox.entities.entity import Embedded, Entity, Nested, Recorded
from apps.clio.sandbox.entities.filters import contains, flag, flag_of, nothing_is, says, starts_with
from apps.clio.sandbox.entities.lookups import Lookups
from apps.clio.sandbox.firm.records import Contact, Firm
from apps.clio.sandbox.fragments import FLAGS, NULL, TEXT, etag, instant, optional_text, stamp

EMPTY = (
    "middle_name", "date_of_birth", "prefix", "initials", "clio_connect_email", "locked_clio_connect_email",
    "client_connect_user_id", "secondary_email_address", "secondary_phone_number", "ledes_client_id",
    "has_clio_for_clients_permission", "is_clio_for_client_user", "sales_tax_number",
)  # fmt: skip
EMPTY_LISTS = {
    "addresses": shapes.ADDRESS, "custom_field_values": shapes.CUSTOM_FIELD_VALUE,
    "custom_field_set_associations": shapes.CUSTOM_FIELD_SET_ASSOCIATION, "email_addresses": shapes.EMAIL_ADDRESS,
    "instant_messengers": shapes.INSTANT_MESSENGER, "phone_numbers": shapes.PHONE_NUMBER, "web_sites": shapes.WEB_SITE,
    "notification_methods": shapes.NOTIFICATION_METHOD, "kyc_field_values": shapes.KYC_FIELD_VALUE,
}  # fmt: skip
EMPTY_OBJECTS = {
    "primary_work_address": shapes.ADDRESS, "secondary_address": shapes.ADDRESS, "avatar": shapes.AVATAR,
    "payment_profile": shapes.PAYMENT_PROFILE, "folder": shapes.FOLDER, "primary_web_site": shapes.WEB_SITE,
    "legal_aid_uk_contact": shapes.LEGAL_AID_UK_CONTACT,
}  # fmt: skip


def _rows(firm: Firm, lookups: Lookups) -> Iterable[Recorded]:
    for contact in firm.contacts:
        number = contact.id
        phone = f"(212) 555-{number % 10_000:04d}"
        row = (
            number, etag(number, contact.updated), TEXT["Person" if contact.first_name else "Company"],
            TEXT[contact.name], optional_text(contact.first_name), optional_text(contact.last_name),
            optional_text(contact.title), FLAGS[contact.is_client], FLAGS[0], FLAGS[contact.is_client],
            f'"contact{number}@mail.example"', f'"{phone}"', stamp(contact.created), stamp(contact.updated),
            contact.company.id if contact.company else None, _address(contact),
            lookups.balances(number, contact.trust) if contact.is_client else (), lookups.currency,
        )  # fmt: skip
        yield row, instant(contact.created), instant(contact.updated)


def _address(contact: Contact) -> Embedded:
    city, province, postal_code = contact.city
    when = stamp(contact.created)
    return Embedded(
        id=str(contact.id + 41), etag=etag(contact.id + 41, 1), street=f'"{contact.id % 900 + 1} Main Street"',
        city=TEXT[city], province=TEXT[province], postal_code=TEXT[postal_code], country=TEXT["US"],
        name=TEXT["Work"], primary=FLAGS[1], created_at=when, updated_at=when,
    )  # fmt: skip


CONTACTS = Entity(
    name="contacts",
    scalars=(
        "id", "etag", "type", "name", "first_name", "last_name", "title", "is_client", "is_co_counsel",
        "is_bill_recipient", "primary_email_address", "primary_phone_number", "created_at", "updated_at",
    ),
    nested={
        "company": Nested(target="contacts"),
        "primary_address": Nested(shapes.ADDRESS),
        "account_balances": Nested(shapes.ACCOUNT_BALANCE, many=True),
        "currency": Nested(target="currencies"),
        "activity_rates": Nested(target="activity_rates", many=True, is_kept=False),
        "related_contacts": Nested(target="contacts", many=True, is_kept=False),
        "co_counsel_rate": Nested(target="activity_rates", is_kept=False),
        **{name: Nested(shape, many=True, is_kept=False) for name, shape in EMPTY_LISTS.items()},
        **{name: Nested(shape, is_kept=False) for name, shape in EMPTY_OBJECTS.items()},
    },
    unset=EMPTY,
    filters={
        "client_only": flag("is_client"),
        "query": contains("name", "primary_email_address"),
        "type": says("type", {"Company": "Company", "Person": "Person"}),
        "clio_connect_only": nothing_is(),
        "email_only": flag_of(lambda entity: lambda row: row[entity.positions["primary_email_address"]] != NULL),
        "initial": starts_with("name"),
    },
    ignored=("custom_field_ids[]", "custom_field_values", "shared_resource_id"),
    orders=("name",),
    order_paths={"shared_at": "id"},
    rows=_rows,
)  # fmt: skip
