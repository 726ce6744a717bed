"""Tables of the clio app: the connection, the syncs, and the mirror, one file per mirrored entity."""

from apps.clio.models.activities import Activity
from apps.clio.models.activity_descriptions import ActivityDescription
from apps.clio.models.activity_rates import ActivityRate
from apps.clio.models.allocations import Allocation
from apps.clio.models.bank_accounts import BankAccount
from apps.clio.models.bank_transactions import BankTransaction
from apps.clio.models.billable_clients import BillableClient
from apps.clio.models.billable_matters import BillableMatter
from apps.clio.models.billing_settings import BillingSettings
from apps.clio.models.bills import Bill
from apps.clio.models.calendar_entries import CalendarEntry
from apps.clio.models.changes import AttributeHistory, MirrorChange, OptionalFields
from apps.clio.models.connection import ClioConnection, ConnectAttempt
from apps.clio.models.contacts import Contact
from apps.clio.models.credit_memos import CreditMemo
from apps.clio.models.currencies import Currency
from apps.clio.models.expense_categories import ExpenseCategory
from apps.clio.models.farewell import Farewell
from apps.clio.models.groups import ClioGroup
from apps.clio.models.interest_charges import InterestCharge
from apps.clio.models.line_items import LineItem
from apps.clio.models.matter_stages import MatterStage
from apps.clio.models.matters import Matter
from apps.clio.models.mirrored import Mirrored, Snapshot
from apps.clio.models.online_payments import OnlinePayment
from apps.clio.models.outstanding_client_balances import OutstandingBalance
from apps.clio.models.practice_areas import PracticeArea
from apps.clio.models.reconciliation import (
    HealthAlert,
    HeldRecord,
    Reconciliation,
    ReconciliationCare,
    Sweep,
    SweepFinding,
)
from apps.clio.models.relationships import Relationship
from apps.clio.models.sync import MirrorVersion, SyncChain, SyncedEntity, SyncRun, SyncStep
from apps.clio.models.tasks import Task
from apps.clio.models.trust_line_items import TrustLineItem
from apps.clio.models.users import ClioUser
from apps.clio.models.webhooks import Turn, Webhook, WebhookCare, WebhookDelivery
from apps.clio.models.written_off_activities import WrittenOffActivity

__all__ = [
    "Activity",
    "ActivityDescription",
    "ActivityRate",
    "Allocation",
    "AttributeHistory",
    "BankAccount",
    "BankTransaction",
    "Bill",
    "BillableClient",
    "BillableMatter",
    "BillingSettings",
    "CalendarEntry",
    "ClioConnection",
    "ClioGroup",
    "ClioUser",
    "ConnectAttempt",
    "Contact",
    "CreditMemo",
    "Currency",
    "ExpenseCategory",
    "Farewell",
    "HealthAlert",
    "HeldRecord",
    "InterestCharge",
    "LineItem",
    "Matter",
    "MatterStage",
    "MirrorChange",
    "MirrorVersion",
    "Mirrored",
    "OnlinePayment",
    "OptionalFields",
    "OutstandingBalance",
    "PracticeArea",
    "Reconciliation",
    "ReconciliationCare",
    "Relationship",
    "Snapshot",
    "Sweep",
    "SweepFinding",
    "SyncChain",
    "SyncRun",
    "SyncStep",
    "SyncedEntity",
    "Task",
    "TrustLineItem",
    "Turn",
    "Webhook",
    "WebhookCare",
    "WebhookDelivery",
    "WrittenOffActivity",
]
