"""What clients owe, as Clio adds it up, mirrored."""

from apps.clio.models.columns import amount, day, document, identifier, identifiers, text
from apps.clio.models.mirrored import Snapshot


class OutstandingBalance(Snapshot):
    """One client's open bills by Clio's own sum: a cross-check of receivables, never their source."""

    total_outstanding_balance = amount()
    pending_payments_total = amount()
    last_payment_date = day()
    last_shared_date = day()
    newest_issued_bill_due_date = day()
    associated_matter_ids = identifiers()
    contact_id = identifier()
    contact_name = text()
    currency_id = identifier()
    currency_code = text()
    outstanding_bills = document()

    class Meta(Snapshot.Meta):
        db_table = "clio_outstanding_client_balances"
