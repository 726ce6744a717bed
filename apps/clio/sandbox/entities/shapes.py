"""Field names of nested objects that no entity here describes. Source: the contract file, `*_base` schemas."""

STAMPS = ("created_at", "updated_at")
ACCOUNT = ("id", "etag", "name", "state", *STAMPS)
ACCOUNT_BALANCE = ("id", "balance", "type", "name", "currency_id")
ACTIVITY_DESCRIPTION = (
    "id", "etag", "name", "type", "category_type", "default", "accessible_to_user", "visible_to_co_counsel", *STAMPS,
)  # fmt: skip
ADDRESS = ("id", "etag", "street", "city", "province", "postal_code", "country", "name", "primary", *STAMPS)
BALANCE = ("id", "amount", "type", "interest_amount", "due")
BANK_ACCOUNT = ("id", "etag", "name", "type", "balance", "currency", *STAMPS)
CURRENCY = ("id", "etag", "code", "sign", *STAMPS)
CUSTOM_RATE = ("type", "on_invoice")
DISCOUNT = ("rate", "type", "note", "early_payment_rate", "early_payment_period")
EVERGREEN = ("id", "etag", "minimum_threshold", *STAMPS)
EXPENSE_CATEGORY = ("id", "etag", "name", "rate", "entry_type", "tax_setting", *STAMPS)
GROUP = ("id", "etag", "name", "type", "client_connect_user", "updated_at")
INTEREST = ("balance", "period", "rate", "total", "type")
JOB_TITLE = ("id", "etag", "name", "initials")
MATTER_BALANCE = ("id", "amount")
MATTER_BUDGET = ("id", "etag", "budget", "include_expenses", "notification_threshold", "notify_users", *STAMPS)
MATTER_STAGE = ("id", "etag", "practice_area_id", "name", "order", *STAMPS)
PARENT = ("id", "type", "identifier", "secondary_identifier", "tertiary_identifier")
TASK = ("id", "etag", "name")
