"""Time and expense entries, mirrored."""

from django.db import models

from apps.clio.models.columns import amount, day, flag, identifier, text
from apps.clio.models.mirrored import Mirrored, found_by


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
    currency_id = identifier()
    currency_code = text()
    # Ours: the total at the last sync at which the entry was on no bill yet; what a write-down is measured against.
    unbilled_total = amount()
    # Ours too: the entry is on Clio's list of written-off ones, which no field of the record tells.
    written_off = models.BooleanField(db_default=False)

    class Meta(Mirrored.Meta):
        db_table = "clio_activities"
        indexes = [
            found_by("clio_activities", "date"),
            found_by("clio_activities", "bill_id"),
            found_by("clio_activities", "matter_id"),
            found_by("clio_activities", "user_id"),
            found_by("clio_activities", "changed_at"),
            models.Index(
                fields=["firm", "gone_at"], condition=models.Q(gone_at__isnull=False), name="clio_activities_gone"
            ),
            # What Clio hides from the connected user is counted for the firm's health; hardly ever there is any.
            models.Index(
                fields=["firm"],
                condition=models.Q(quantity_redacted=True, gone_at__isnull=True),
                name="clio_activities_redacted",
            ),
            models.Index(
                fields=["firm"],
                condition=models.Q(type="TimeEntry", price__isnull=True, total__isnull=True, gone_at__isnull=True),
                name="clio_activities_unpriced",
            ),
        ]
