"""Credit memos, mirrored."""

from apps.clio.models.columns import amount, day, document, flag, identifier, instant, text
from apps.clio.models.mirrored import Mirrored, listed_by


class CreditMemo(Mirrored):
    """A credit granted on issued bills."""

    date = day()
    amount = amount()
    description = text()
    discount = flag()
    voided_at = instant()
    user_id = identifier()
    user_name = text()
    contact_id = identifier()
    contact_name = text()
    allocations = document()

    class Meta(Mirrored.Meta):
        db_table = "clio_credit_memos"
        indexes = [
            listed_by("clio_credit_memos", "date"),
            listed_by("clio_credit_memos", "updated_at"),
        ]
