"""Tables of the clio app: the connection, the syncs, and the mirror, one file per mirrored entity."""

from apps.clio.models.activities import Activity
from apps.clio.models.allocations import Allocation
from apps.clio.models.bills import Bill
from apps.clio.models.connection import ClioConnection, ConnectAttempt
from apps.clio.models.contacts import Contact
from apps.clio.models.credit_memos import CreditMemo
from apps.clio.models.interest_charges import InterestCharge
from apps.clio.models.line_items import LineItem
from apps.clio.models.matters import Matter
from apps.clio.models.mirrored import Mirrored
from apps.clio.models.practice_areas import PracticeArea
from apps.clio.models.sync import MirrorVersion, SyncedEntity, SyncRun, SyncStep
from apps.clio.models.users import ClioUser

__all__ = [
    "Activity",
    "Allocation",
    "Bill",
    "ClioConnection",
    "ClioUser",
    "ConnectAttempt",
    "Contact",
    "CreditMemo",
    "InterestCharge",
    "LineItem",
    "Matter",
    "MirrorVersion",
    "Mirrored",
    "PracticeArea",
    "SyncRun",
    "SyncStep",
    "SyncedEntity",
]
