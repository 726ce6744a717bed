"""Unbilled work by client, as Clio adds it up, mirrored."""

from apps.clio.models.columns import amount, document, identifier, text
from apps.clio.models.mirrored import Snapshot


class BillableClient(Snapshot):
    """One client's unbilled work by Clio's own sum: a cross-check of work in progress, never its source."""

    name = text()
    unbilled_hours = amount()
    unbilled_amount = amount()
    amount_in_trust = amount()
    billable_matters_count = identifier()
    billable_matters = document()

    class Meta(Snapshot.Meta):
        db_table = "clio_billable_clients"
