"""Every kind of record the API shows, one file per subject."""

from apps.clio.queries.records.declaration import RecordKind
from apps.clio.queries.records.kinds.activities import ACTIVITIES
from apps.clio.queries.records.kinds.bills import BILLS
from apps.clio.queries.records.kinds.calendar_entries import CALENDAR_ENTRIES
from apps.clio.queries.records.kinds.contacts import CONTACTS
from apps.clio.queries.records.kinds.line_items import LINE_ITEMS
from apps.clio.queries.records.kinds.matters import MATTERS
from apps.clio.queries.records.kinds.payments import PAYMENTS
from apps.clio.queries.records.kinds.practice_areas import PRACTICE_AREAS
from apps.clio.queries.records.kinds.tasks import TASKS
from apps.clio.queries.records.kinds.trust import TRUST_LINE_ITEMS, TRUST_TRANSACTIONS
from apps.clio.queries.records.kinds.users import USERS

RECORD_KINDS: tuple[RecordKind, ...] = (
    MATTERS,
    CONTACTS,
    ACTIVITIES,
    BILLS,
    LINE_ITEMS,
    PAYMENTS,
    TRUST_LINE_ITEMS,
    TRUST_TRANSACTIONS,
    TASKS,
    CALENDAR_ENTRIES,
    USERS,
    PRACTICE_AREAS,
)
