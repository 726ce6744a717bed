"""Interest charges, mirrored."""

from apps.clio.models.columns import amount, day, document, identifier, identifiers, text
from apps.clio.models.mirrored import Mirrored, listed_by


class InterestCharge(Mirrored):
    """Interest charged on an overdue bill."""

    date = day()
    description = text()
    total = amount()
    bill_id = identifier()
    bill_number = text()
    bill_state = text()
    balances = document()
    matters = document()
    matter_ids = identifiers()

    class Meta(Mirrored.Meta):
        db_table = "clio_interest_charges"
        indexes = [
            listed_by("clio_interest_charges", "bill_id"),
            listed_by("clio_interest_charges", "date"),
        ]
