"""The mirrored entities, and the machinery that writes them."""

from apps.clio.mirror.activities import ACTIVITIES
from apps.clio.mirror.allocations import ALLOCATIONS
from apps.clio.mirror.bills import BILLS
from apps.clio.mirror.contacts import CONTACTS
from apps.clio.mirror.credit_memos import CREDIT_MEMOS
from apps.clio.mirror.declaration import Entity
from apps.clio.mirror.interest_charges import INTEREST_CHARGES
from apps.clio.mirror.line_items import LINE_ITEMS
from apps.clio.mirror.matters import MATTERS
from apps.clio.mirror.practice_areas import PRACTICE_AREAS
from apps.clio.mirror.users import USERS

# What others point to comes first, so that a first sync shows names before amounts.
ENTITIES: tuple[Entity, ...] = (
    USERS,
    PRACTICE_AREAS,
    CONTACTS,
    MATTERS,
    ACTIVITIES,
    BILLS,
    LINE_ITEMS,
    ALLOCATIONS,
    CREDIT_MEMOS,
    INTEREST_CHARGES,
)
ENTITY_BY_NAME = {entity.name: entity for entity in ENTITIES}

__all__ = ["ENTITIES", "ENTITY_BY_NAME", "Entity"]
