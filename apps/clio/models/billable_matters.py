"""Unbilled work by matter, as Clio adds it up, mirrored."""

from apps.clio.models.columns import amount, identifier, text
from apps.clio.models.mirrored import Snapshot


class BillableMatter(Snapshot):
    """One matter's unbilled work by Clio's own sum: a cross-check of work in progress, never its source."""

    display_number = text()
    unbilled_hours = amount()
    unbilled_amount = amount()
    amount_in_trust = amount()
    client_id = identifier()
    client_name = text()
    currency_id = identifier()

    class Meta(Snapshot.Meta):
        db_table = "clio_billable_matters"
