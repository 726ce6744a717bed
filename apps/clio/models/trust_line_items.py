"""Trust line items, mirrored."""

from apps.clio.models.columns import amount, day, identifier, text
from apps.clio.models.mirrored import Mirrored, listed_by


class TrustLineItem(Mirrored):
    """A movement of trust money on a bill. The sign of `total` is not told: bank transactions decide."""

    date = day()
    total = amount()
    note = text()
    bill_id = identifier()
    bill_number = text()
    matter_id = identifier()
    matter_display_number = text()
    client_id = identifier()
    client_name = text()

    class Meta(Mirrored.Meta):
        db_table = "clio_trust_line_items"
        indexes = [
            listed_by("clio_trust_line_items", "date"),
            listed_by("clio_trust_line_items", "bill_id"),
            listed_by("clio_trust_line_items", "matter_id"),
            listed_by("clio_trust_line_items", "updated_at"),
            listed_by("clio_trust_line_items", "changed_at"),
            listed_by("clio_trust_line_items", "client_id"),
        ]
