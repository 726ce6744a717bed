"""The kinds of records the sandbox serves. One more kind: one file here and its name in this list."""

from apps.clio.sandbox.entities.activities import ACTIVITIES
from apps.clio.sandbox.entities.activity_descriptions import ACTIVITY_DESCRIPTIONS
from apps.clio.sandbox.entities.activity_rates import ACTIVITY_RATES
from apps.clio.sandbox.entities.allocations import ALLOCATIONS
from apps.clio.sandbox.entities.bank_accounts import BANK_ACCOUNTS
from apps.clio.sandbox.entities.bank_transactions import BANK_TRANSACTIONS
from apps.clio.sandbox.entities.billable_clients import BILLABLE_CLIENTS
from apps.clio.sandbox.entities.billable_matters import BILLABLE_MATTERS
from apps.clio.sandbox.entities.billing_settings import BILLING_SETTINGS
from apps.clio.sandbox.entities.bills import BILLS
from apps.clio.sandbox.entities.calendar_entries import CALENDAR_ENTRIES
from apps.clio.sandbox.entities.contacts import CONTACTS
from apps.clio.sandbox.entities.credit_memos import CREDIT_MEMOS
from apps.clio.sandbox.entities.currencies import CURRENCIES
from apps.clio.sandbox.entities.expense_categories import EXPENSE_CATEGORIES
from apps.clio.sandbox.entities.groups import GROUPS
from apps.clio.sandbox.entities.interest_charges import INTEREST_CHARGES
from apps.clio.sandbox.entities.line_items import LINE_ITEMS
from apps.clio.sandbox.entities.matter_stages import MATTER_STAGES
from apps.clio.sandbox.entities.matters import MATTERS
from apps.clio.sandbox.entities.online_payments import ONLINE_PAYMENTS
from apps.clio.sandbox.entities.outstanding_client_balances import OUTSTANDING_CLIENT_BALANCES
from apps.clio.sandbox.entities.practice_areas import PRACTICE_AREAS
from apps.clio.sandbox.entities.relationships import RELATIONSHIPS
from apps.clio.sandbox.entities.tasks import TASKS
from apps.clio.sandbox.entities.trust_line_items import TRUST_LINE_ITEMS
from apps.clio.sandbox.entities.users import USERS
from apps.clio.sandbox.entities.webhooks import WEBHOOKS

ENTITIES = {
    entity.name: entity
    for entity in (
        USERS, GROUPS, PRACTICE_AREAS, MATTER_STAGES, CURRENCIES, BILLING_SETTINGS, ACTIVITY_DESCRIPTIONS,
        EXPENSE_CATEGORIES, BANK_ACCOUNTS, CONTACTS, ACTIVITY_RATES, MATTERS, RELATIONSHIPS, TASKS, CALENDAR_ENTRIES,
        ACTIVITIES, BILLS, LINE_ITEMS, ALLOCATIONS, CREDIT_MEMOS, INTEREST_CHARGES, TRUST_LINE_ITEMS,
        BANK_TRANSACTIONS, ONLINE_PAYMENTS, OUTSTANDING_CLIENT_BALANCES, BILLABLE_MATTERS, BILLABLE_CLIENTS, WEBHOOKS,
    )
}  # fmt: skip
