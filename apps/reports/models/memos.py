"""Who granted credits, and why."""

from django.db import models

from apps.reports.models.derived import Derived, clio_id


class LedgerCreditMemo(Derived):
    """A credit memo of Clio's: who granted it, and the note it has. What it comes to stands in the settlements."""

    pk = models.CompositePrimaryKey("firm_id", "memo_id")
    memo_id = models.BigIntegerField()
    granted_by_id = clio_id()
    note = models.TextField(default="")

    class Meta(Derived.Meta):
        db_table = "reports_credit_memo"
