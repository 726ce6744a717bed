"""Allocations, mirrored."""

from apps.clio.models.columns import amount, day, flag, identifier, instant, text
from apps.clio.models.mirrored import Mirrored, found_by, of_no_matter


class Allocation(Mirrored):
    """Money put on a bill: from a payment or from a credit memo, by `parent_type`."""

    date = day()
    amount = amount()
    interest = flag()
    voided_at = instant()
    description = text()
    payment_type = text()
    has_online_payment = flag()
    bill_id = identifier()
    bill_number = text()
    matter_id = identifier()
    contact_id = identifier()
    contact_name = text()
    parent_id = identifier()
    parent_type = text()
    parent_identifier = text()
    parent_secondary_identifier = text()
    parent_tertiary_identifier = text()
    source_bank_account_id = identifier()
    source_bank_account_name = text()
    source_bank_account_type = text()
    destination_bank_account_id = identifier()
    destination_bank_account_name = text()
    destination_bank_account_type = text()

    class Meta(Mirrored.Meta):
        db_table = "clio_allocations"
        indexes = [
            found_by("clio_allocations", "bill_id"),
            found_by("clio_allocations", "matter_id"),
            of_no_matter("clio_allocations"),
            found_by("clio_allocations", "parent_id"),
            found_by("clio_allocations", "date"),
            found_by("clio_allocations", "updated_at"),
            found_by("clio_allocations", "changed_at"),
        ]
