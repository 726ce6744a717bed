"""Lines of bills, mirrored."""

from apps.clio.models.columns import amount, day, flag, identifier, text
from apps.clio.models.mirrored import Mirrored, found_by, of_no_matter


class LineItem(Mirrored):
    """A line of a bill; `quantity` in hours."""

    type = text()
    kind = text()
    date = day()
    description = text()
    note = text()
    price = amount()
    quantity = amount()
    sub_total = amount()
    total = amount()
    tax = amount()
    secondary_tax = amount()
    taxable = flag()
    secondary_taxable = flag()
    group_ordering = identifier()
    bill_id = identifier()
    bill_number = text()
    bill_state = text()
    activity_id = identifier()
    activity_type = text()
    matter_id = identifier()
    matter_display_number = text()
    user_id = identifier()
    user_name = text()
    discount_rate = amount()
    discount_type = text()

    class Meta(Mirrored.Meta):
        db_table = "clio_line_items"
        indexes = [
            found_by("clio_line_items", "bill_id"),
            found_by("clio_line_items", "activity_id"),
            found_by("clio_line_items", "matter_id"),
            found_by("clio_line_items", "user_id"),
            of_no_matter("clio_line_items"),
            found_by("clio_line_items", "changed_at"),
        ]
