"""The mirrored entities, and the machinery that writes them."""

from apps.clio.mirror.activities import ACTIVITIES
from apps.clio.mirror.activity_descriptions import ACTIVITY_DESCRIPTIONS
from apps.clio.mirror.activity_rates import ACTIVITY_RATES
from apps.clio.mirror.allocations import ALLOCATIONS
from apps.clio.mirror.bank_accounts import BANK_ACCOUNTS
from apps.clio.mirror.bank_transactions import BANK_TRANSACTIONS
from apps.clio.mirror.billable_clients import BILLABLE_CLIENTS
from apps.clio.mirror.billable_matters import BILLABLE_MATTERS
from apps.clio.mirror.billing_settings import BILLING_SETTINGS
from apps.clio.mirror.bills import BILLS
from apps.clio.mirror.calendar_entries import CALENDAR_ENTRIES
from apps.clio.mirror.contacts import CONTACTS
from apps.clio.mirror.credit_memos import CREDIT_MEMOS
from apps.clio.mirror.currencies import CURRENCIES
from apps.clio.mirror.declaration import Entity, Trace
from apps.clio.mirror.expense_categories import EXPENSE_CATEGORIES
from apps.clio.mirror.groups import GROUPS
from apps.clio.mirror.interest_charges import INTEREST_CHARGES
from apps.clio.mirror.line_items import LINE_ITEMS
from apps.clio.mirror.matter_stages import MATTER_STAGES
from apps.clio.mirror.matters import MATTERS
from apps.clio.mirror.online_payments import ONLINE_PAYMENTS
from apps.clio.mirror.outstanding_client_balances import OUTSTANDING_CLIENT_BALANCES
from apps.clio.mirror.practice_areas import PRACTICE_AREAS
from apps.clio.mirror.relationships import RELATIONSHIPS
from apps.clio.mirror.tasks import TASKS
from apps.clio.mirror.trust_line_items import TRUST_LINE_ITEMS
from apps.clio.mirror.users import USERS
from apps.clio.mirror.written_off_activities import WRITTEN_OFF_ACTIVITIES

# What others point to comes first, so that a first sync shows names before amounts; then what the first numbers need.
ENTITIES: tuple[Entity, ...] = (
    USERS,
    BILLING_SETTINGS,
    PRACTICE_AREAS,
    CONTACTS,
    MATTERS,
    ACTIVITIES,
    BILLS,
    LINE_ITEMS,
    ALLOCATIONS,
    CREDIT_MEMOS,
    INTEREST_CHARGES,
    GROUPS,
    CURRENCIES,
    MATTER_STAGES,
    ACTIVITY_DESCRIPTIONS,
    EXPENSE_CATEGORIES,
    ACTIVITY_RATES,
    RELATIONSHIPS,
    BANK_ACCOUNTS,
    BANK_TRANSACTIONS,
    TRUST_LINE_ITEMS,
    TASKS,
    CALENDAR_ENTRIES,
    ONLINE_PAYMENTS,
    WRITTEN_OFF_ACTIVITIES,
    OUTSTANDING_CLIENT_BALANCES,
    BILLABLE_MATTERS,
    BILLABLE_CLIENTS,
)
ENTITY_BY_NAME = {entity.name: entity for entity in ENTITIES}

__all__ = ["ENTITIES", "ENTITY_BY_NAME", "Entity", "Trace"]
