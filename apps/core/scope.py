"""What a person may see inside a firm: one object, taken by every query of every app."""

import hashlib
from dataclasses import astuple, dataclass
from enum import StrEnum


class ScopeKind(StrEnum):
    WHOLE_FIRM = "whole_firm"
    SUBSET = "subset"
    SELF = "self"


class Role(StrEnum):
    OWNER = "owner"
    ADMIN = "admin"
    MEMBER = "member"
    CONSULTANT = "consultant"


class Level(StrEnum):
    """How far a firm lets an outside adviser in; for the role `consultant` only."""

    READ_ONLY = "read_only"
    LIMITED = "limited"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class Grant:
    """One grant of a subset: inside it all named conditions must hold. Ids are Clio's; empty means not restricted."""

    practice_area_ids: tuple[int, ...] = ()
    timekeeper_ids: tuple[int, ...] = ()
    group_ids: tuple[int, ...] = ()
    client_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Scope:
    """A firm and the part of it somebody may see (kpis.md section 7).

    subset: rows that satisfy any of `grants`. self: rows whose timekeeper is `clio_user_id`, plus, as far as the firm
    lets people (`sees_own_matters`), matters that person is responsible for or originated. `reason` is set only where
    no person asks: see `system`. hides_client_names: the firm hides clients' names from this person;
    `core.client_names` is what leaves instead. shows_records: single records too; not set for an API key that reads
    figures only. same_person_ids: other users of Clio that the firm says are this person.
    """

    firm_id: int
    kind: ScopeKind
    clio_user_id: int | None = None
    grants: tuple[Grant, ...] = ()
    reason: str = ""
    hides_client_names: bool = False
    shows_records: bool = True
    sees_own_matters: bool = True
    same_person_ids: tuple[int, ...] = ()

    @classmethod
    def whole_firm(cls, firm_id: int) -> "Scope":
        """Return the scope of someone who may see everything of the firm."""
        return cls(firm_id=firm_id, kind=ScopeKind.WHOLE_FIRM)

    @classmethod
    def system(cls, firm_id: int, reason: str) -> "Scope":
        """Return the whole-firm scope of a job that acts for nobody in particular; the reason is for the logs."""
        return cls(firm_id=firm_id, kind=ScopeKind.WHOLE_FIRM, reason=reason)

    @property
    def is_whole_firm(self) -> bool:
        return self.kind is ScopeKind.WHOLE_FIRM

    def digest(self) -> str:
        """Return a short fingerprint for cache keys; equal scopes have equal fingerprints."""
        return hashlib.sha256(repr(astuple(self)).encode()).hexdigest()[:16]
