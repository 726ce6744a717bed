"""The kinds of records the sandbox serves. One more kind: one file here and its name in this list."""

from apps.clio.sandbox.entities.activities import ACTIVITIES
from apps.clio.sandbox.entities.allocations import ALLOCATIONS
from apps.clio.sandbox.entities.bills import BILLS
from apps.clio.sandbox.entities.contacts import CONTACTS
from apps.clio.sandbox.entities.credit_memos import CREDIT_MEMOS
from apps.clio.sandbox.entities.interest_charges import INTEREST_CHARGES
from apps.clio.sandbox.entities.line_items import LINE_ITEMS
from apps.clio.sandbox.entities.matters import MATTERS
from apps.clio.sandbox.entities.practice_areas import PRACTICE_AREAS
from apps.clio.sandbox.entities.users import USERS

ENTITIES = {
    entity.name: entity
    for entity in (
        USERS, PRACTICE_AREAS, CONTACTS, MATTERS, ACTIVITIES, BILLS, LINE_ITEMS, ALLOCATIONS, CREDIT_MEMOS,
        INTEREST_CHARGES,
    )
}  # fmt: skip
