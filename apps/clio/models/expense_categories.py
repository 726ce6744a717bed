"""Expense categories, mirrored."""

from apps.clio.models.columns import amount, document, flag, identifier, identifiers, text
from apps.clio.models.mirrored import Mirrored


class ExpenseCategory(Mirrored):
    """A category of expenses. `rate` is a whole number in the contract: decimals fit as well."""

    name = text()
    rate = amount()
    entry_type = text()
    tax_setting = text()
    accessible_to_user = flag()
    groups = document()
    group_ids = identifiers()
    currency_id = identifier()
    currency_code = text()

    class Meta(Mirrored.Meta):
        db_table = "clio_expense_categories"
