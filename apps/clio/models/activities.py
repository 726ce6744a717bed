"""Time and expense entries, mirrored."""

from django.db import models

from apps.clio.models.columns import amount, day, flag, identifier, text
from apps.clio.models.mirrored import Mirrored


class Activity(Mirrored):
    """A time entry (`quantity` in seconds) or an expense entry."""

    type = text()
    date = day()
    quantity = amount()
    rounded_quantity = amount()
    quantity_in_hours = amount()
    rounded_quantity_in_hours = amount()
    quantity_redacted = flag()
    price = amount()
    total = amount()
    non_billable = flag()
    non_billable_total = amount()
    no_charge = flag()
    flat_rate = flag()
    contingency_fee = flag()
    billed = flag()
    on_bill = flag()
    note = text()
    reference = text()
    tax_setting = text()
    user_id = identifier()
    user_name = text()
    matter_id = identifier()
    matter_display_number = text()
    activity_description_id = identifier()
    activity_description_name = text()
    expense_category_id = identifier()
    expense_category_name = text()
    bill_id = identifier()
    bill_number = text()
    bill_state = text()
    vendor_id = identifier()
    vendor_name = text()
    task_id = identifier()
    calendar_entry_id = text()
    # Ours: the total at the last sync at which the entry was on no bill yet; what a write-down is measured against.
    unbilled_total = amount()

    class Meta(Mirrored.Meta):
        db_table = "clio_activities"
        indexes = [models.Index(fields=["firm", "date"], name="clio_activities_date")]
