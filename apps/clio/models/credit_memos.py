"""Credit memos, mirrored."""

from apps.clio.models.columns import amount, day, document, flag, identifier, instant, text
from apps.clio.models.mirrored import Mirrored


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
