"""Categories of expenses."""

from apps.clio.mirror.declaration import Entity
from apps.clio.models import ExpenseCategory

EXPENSE_CATEGORIES = Entity(
    name="expense_categories",
    model=ExpenseCategory,
    fields="id,etag,name,rate,entry_type,tax_setting,accessible_to_user,created_at,updated_at,groups{id}",
    optional_fields="currency{id,code}",
    by_ids=False,
    id_lists={"groups": "group_ids"},
)
