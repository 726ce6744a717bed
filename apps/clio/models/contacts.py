"""Contacts, mirrored."""

from apps.clio.models.columns import document, flag, identifier, sought, text
from apps.clio.models.mirrored import Mirrored, listed_by


class Contact(Mirrored):
    """A person or company the firm knows, its clients among them."""

    type = text()
    name = text()
    first_name = text()
    last_name = text()
    title = text()
    is_client = flag()
    is_co_counsel = flag()
    is_bill_recipient = flag()
    primary_email_address = text()
    primary_phone_number = text()
    company_id = identifier()
    company_name = text()
    primary_address_id = identifier()
    primary_address_city = text()
    primary_address_province = text()
    primary_address_postal_code = text()
    primary_address_country = text()
    account_balances = document()
    currency_id = identifier()
    currency_code = text()
    # Ours, for finding them by the beginning of a name or number.
    sought_name = sought("name")
    sought_last_name = sought("last_name")

    class Meta(Mirrored.Meta):
        db_table = "clio_contacts"
        indexes = [
            listed_by("clio_contacts", "updated_at"),
            listed_by("clio_contacts", "changed_at"),
            listed_by("clio_contacts", "company_id"),
            listed_by("clio_contacts", "sought_name"),
            listed_by("clio_contacts", "sought_last_name"),
        ]
