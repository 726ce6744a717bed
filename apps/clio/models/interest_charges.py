"""Interest charges, mirrored."""

from apps.clio.models.columns import amount, day, document, identifier, identifiers, text
from apps.clio.models.mirrored import Mirrored


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
