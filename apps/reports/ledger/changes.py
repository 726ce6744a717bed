"""Which part of the ledger changes of the mirror touch.

What depended on a record before is found by the changes themselves (they tell where a record belonged), what depends on
it now by the mirror.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection

from apps.reports.ledger.currencies import ENTRIES_BESIDE_BILLS
from apps.reports.ledger.part import LedgerPart

# More than that, and building everything is no dearer.
MOST_CHANGES = 60_000
_MOST_BILLS, _MOST_ENTRIES = 15_000, 150_000

_CHANGES = """
SELECT entity, record_id, coalesce(columns, ARRAY['gone_at']), bill_id, old_bill_id, activity_id, old_activity_id,
       matter_id, old_matter_id
FROM clio_out_changes
WHERE firm_id = %(firm)s AND version > %(since)s AND entity = ANY(%(entities)s::text[]) LIMIT %(most)s
"""
_IS_KNOWN = """
SELECT coalesce(min(changes_since), 0) <= %(since)s FROM clio_out_version WHERE firm_id = %(firm)s
"""
_MONEY, _WORK = frozenset({"allocations", "interest_charges"}), frozenset({"bills", "line_items"})
_LISTS = frozenset({"practice_areas", "groups", "matter_stages", "activity_descriptions", "expense_categories"})
_READ = (
    _MONEY
    | _WORK
    | _LISTS
    | {"users", "matters", "contacts", "activities", "credit_memos", "bank_accounts", "bank_transactions"}
)
# What rows of entries and lines take from the matter and the person; a record new or gone counts as changed in both.
_OF_MATTERS = frozenset({"billable", "billing_method", "currency_code", "gone_at"})
_OF_ACCOUNTS = frozenset({"type", "currency", "gone_at"})
_OF_USERS = frozenset({"rate", "gone_at"})
_OF_CAPACITY = frozenset({"enabled", "clio_connect", "subscription_type", "created_at", "disabled_seen_at", "gone_at"})

_BILLS_OF_MEMOS = """
SELECT DISTINCT bill_id FROM clio_out_allocations
WHERE firm_id = %(firm)s AND parent_id = ANY(%(memos)s::bigint[]) AND parent_type = 'CreditMemo' AND bill_id IS NOT NULL
"""
_BILLS_OF_MATTERS = """
SELECT DISTINCT bill_id FROM clio_out_line_items
WHERE firm_id = %(firm)s AND matter_id = ANY(%(matters)s::bigint[]) AND bill_id IS NOT NULL
UNION
SELECT bill_id FROM clio_out_bills WHERE firm_id = %(firm)s AND matter_ids && %(matters)s::bigint[]
"""
_ENTRIES_OF_MATTERS = """
SELECT activity_id FROM clio_out_activities WHERE firm_id = %(firm)s AND matter_id = ANY(%(matters)s::bigint[])
"""
_ENTRIES_OF_USERS = """
SELECT activity_id FROM clio_out_activities WHERE firm_id = %(firm)s AND user_id = ANY(%(users)s::bigint[])
"""
_ENTRIES_OF_BILLS = """
SELECT activity_id FROM clio_out_activities WHERE firm_id = %(firm)s AND bill_id = ANY(%(bills)s::bigint[])
UNION
SELECT activity_id FROM clio_out_line_items
WHERE firm_id = %(firm)s AND bill_id = ANY(%(bills)s::bigint[]) AND activity_id IS NOT NULL
"""
_BILLS_OF_ENTRIES = """
SELECT DISTINCT bill_id FROM clio_out_line_items
WHERE firm_id = %(firm)s AND activity_id = ANY(%(entries)s::bigint[]) AND bill_id IS NOT NULL
"""
# What was dated ahead at the last build and is not any more.
_BILLS_COME_DUE = """
SELECT bill_id FROM reports_settle
WHERE firm_id = %(firm)s AND settled_on > %(before)s AND settled_on <= %(today)s AND bill_id IS NOT NULL
UNION
SELECT bill_id FROM reports_interest WHERE firm_id = %(firm)s AND charged_on > %(before)s AND charged_on <= %(today)s
"""
_PEOPLE_COME_DUE = """
SELECT DISTINCT timekeeper_id FROM reports_time
WHERE firm_id = %(firm)s AND worked_on > %(before)s AND worked_on <= %(today)s AND timekeeper_id IS NOT NULL
"""


@dataclass(frozen=True, slots=True)
class Standpoint:
    """What a ledger was built from: the mirror's version and the day that was today."""

    mirror_version: int
    built_for: date


@dataclass(slots=True)
class _Touched:
    """The records that changes name, by what they mean to the ledger."""

    firm_id: int
    bills: set[int] = field(default_factory=set)
    paid_bills: set[int] = field(default_factory=set)
    entries: set[int] = field(default_factory=set)
    priced_people: set[int] = field(default_factory=set)
    working_matters: set[int] = field(default_factory=set)
    memos: set[int] = field(default_factory=set)
    matters: set[int] = field(default_factory=set)
    charged_matters: set[int] = field(default_factory=set)
    users: set[int] = field(default_factory=set)
    employed: set[int] = field(default_factory=set)
    contacts: set[int] = field(default_factory=set)
    all_contacts: bool = False
    trust: set[int] = field(default_factory=set)
    all_trust: bool = False
    lists: bool = False
    money: bool = False

    def take(self, entity: str, record_id: int, columns: Collection[str], places: tuple[int | None, ...]) -> None:
        """Note one change. places: bill, bill before, entry, entry before, matter, matter before."""
        bills, entries, matters = _named(places[:2]), _named(places[2:4]), _named(places[4:])
        if entity in _MONEY or entity == "credit_memos":
            self.money = True
            self.paid_bills |= bills
            self.memos |= {record_id} if entity == "credit_memos" else set()
        elif entity in _WORK:
            self.bills |= {record_id} if entity == "bills" else bills
            self.entries |= entries
            self.charged_matters |= matters
        elif entity == "activities":
            self.entries.add(record_id)
            self.charged_matters |= matters
        elif entity == "matters":
            self.matters.add(record_id)
            self.working_matters |= {record_id} if _OF_MATTERS & set(columns) else set()
        elif entity == "users":
            self.users.add(record_id)
            self.priced_people |= {record_id} if _OF_USERS & set(columns) else set()
            self.employed |= {record_id} if _OF_CAPACITY & set(columns) else set()
        elif entity == "contacts":
            self.contacts.add(record_id)
        elif entity == "bank_transactions":
            self.trust.add(record_id)
        elif entity == "bank_accounts":
            self.lists = True
            self.all_trust |= bool(_OF_ACCOUNTS & set(columns))
        else:
            self.take_all_of(entity)

    def take_all_of(self, entity: str) -> bool:
        """Note that any record of an entity may have changed; tell whether that leaves anything to be done by parts."""
        if entity == "contacts":
            self.all_contacts = True
        elif entity == "bank_transactions":
            self.all_trust = True
        elif entity in _LISTS or entity == "bank_accounts":
            self.lists = True
            self.all_trust |= entity == "bank_accounts"
        else:
            return False
        return True

    def follow(self, before: date, today: date, currency: str) -> None:
        """Add what depends on the records named. currency: the firm's."""
        if today > before:
            self.paid_bills |= self._ids(_BILLS_COME_DUE, before=before, today=today)
            self.employed |= self._ids(_PEOPLE_COME_DUE, before=before, today=today)
        if self.memos:
            self.paid_bills |= self._ids(_BILLS_OF_MEMOS, memos=self.memos)
        if self.working_matters:
            self.paid_bills |= self._ids(_BILLS_OF_MATTERS, matters=self.working_matters)
            self.entries |= self._ids(_ENTRIES_OF_MATTERS, matters=self.working_matters)
        if self.bills:
            self.entries |= self._ids(_ENTRIES_OF_BILLS, bills=self.bills)
        if self.entries:
            self.bills |= self._ids(_BILLS_OF_ENTRIES, entries=self.entries)
        if self.bills:
            beside = {"bills": self.bills, "matters": self.charged_matters, "currency": currency}
            self.entries |= self._ids(ENTRIES_BESIDE_BILLS, **beside)
        if self.priced_people:
            self.entries |= self._ids(_ENTRIES_OF_USERS, users=self.priced_people)

    def _ids(self, query: str, **values: Any) -> set[int]:
        listed = {name: list(value) if isinstance(value, set) else value for name, value in values.items()}
        with connection.cursor() as cursor:
            cursor.execute(query, {"firm": self.firm_id, **listed})
            return {row[0] for row in cursor.fetchall()}


def find_changed_part(whole: LedgerPart, since: Standpoint, *, most: int = MOST_CHANGES) -> LedgerPart:
    """Return the part of the ledger that changed since it was built, or `whole` where that is not told or too much.

    whole: the firm's whole ledger as it would be built now. most: changes that are looked at one by one. Call it inside
    the firm's snapshot.
    """
    touched = _Touched(whole.firm_id)
    with connection.cursor() as cursor:
        cursor.execute(_IS_KNOWN, {"firm": whole.firm_id, "since": since.mirror_version})
        if not cursor.fetchone()[0] or whole.today < since.built_for:
            return whole
        asked: dict[str, Any] = {
            "firm": whole.firm_id,
            "since": since.mirror_version,
            "entities": sorted(_READ),
            "most": most + 1,
        }
        cursor.execute(_CHANGES, asked)
        changes = cursor.fetchall()
    if len(changes) > most:
        return whole
    for entity, record_id, columns, *places in changes:
        if record_id is not None:
            touched.take(entity, record_id, columns, tuple(places))
        elif not touched.take_all_of(entity):
            return whole
    touched.follow(since.built_for, whole.today, whole.currency)
    bills = touched.bills | touched.paid_bills
    if len(bills) > _MOST_BILLS or len(touched.entries) > _MOST_ENTRIES:
        return whole
    return _part(whole, touched, bills)


def _part(whole: LedgerPart, touched: _Touched, bills: set[int]) -> LedgerPart:
    return LedgerPart(
        firm_id=whole.firm_id,
        currency=whole.currency,
        time_zone=whole.time_zone,
        today=whole.today,
        settings_version=whole.settings_version,
        bill_ids=tuple(sorted(bills)),
        activity_ids=tuple(sorted(touched.entries)),
        matter_ids=tuple(sorted(touched.matters)),
        user_ids=tuple(sorted(touched.users)),
        contact_ids=tuple(sorted(touched.contacts)),
        employed_ids=tuple(sorted(touched.employed)),
        all_contacts=touched.all_contacts,
        lists=touched.lists,
        without_bill=touched.money,
        trust_ids=tuple(sorted(touched.trust)),
        all_trust=touched.all_trust,
        memo_ids=tuple(sorted(touched.memos)),
    )


def _named(places: tuple[int | None, ...]) -> set[int]:
    return {place for place in places if place is not None}
