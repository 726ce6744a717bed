"""Clients and everyone else the firm knows."""

from apps.clio.queries.records.declaration import Hides, Kind, RecordKind, Sort, Sought
from apps.clio.queries.records.fields import (
    BY_UPDATE,
    MADE,
    client,
    flag,
    is_text,
    is_true,
    one_of,
    text,
    the_id,
    words,
)
from apps.clio.queries.records.reach import clients_named, linked_to_matters

CONTACTS = RecordKind(
    name="contacts",
    one="contact",
    about="People and companies the firm knows. Whoever sees a part of the firm sees the clients of its matters.",
    table="clio_contacts",
    scope=linked_to_matters("r.clio_id", names=clients_named, links=("client_id",)),
    fields=(
        text("type", "`Person` or `Company`"),
        client("name", of="r.clio_id"),
        words("first_name"),
        words("last_name"),
        words("title"),
        flag("is_client"),
        flag("is_co_counsel"),
        flag("is_bill_recipient"),
        words("primary_email_address"),
        words("primary_phone_number"),
        the_id("company_id"),
        client("company_name", of="r.company_id"),
        words("primary_address_city"),
        words("primary_address_province"),
        words("primary_address_postal_code"),
        text("primary_address_country"),
        text("currency", "ISO 4217 code, where Clio tells it", sql="r.currency_code"),
        *MADE,
    ),
    filters=(is_text("type", "Person", "Company"), is_true("is_client"), one_of("company_id")),
    sorts=(Sort("name", Kind.TEXT, "r.sought_name", hides=Hides.CLIENT), BY_UPDATE),
    sought=(
        Sought("the name", "r.sought_name", hides=Hides.CLIENT),
        Sought("the last name", "r.sought_last_name", hides=Hides.CLIENT),
    ),
)
