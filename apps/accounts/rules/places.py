"""What a place in a firm may look like, and who may give it to whom."""

from apps.accounts.contracts import Place
from apps.core.access import ADMINISTRATORS
from apps.core.errors import FieldFault
from apps.core.scope import Role, ScopeKind

# What a person is told they see.
SEES = {
    ScopeKind.WHOLE_FIRM.value: "everything of the firm",
    ScopeKind.SUBSET.value: "the parts of the firm that were granted to you",
    ScopeKind.SELF.value: "your own work",
}


def faults_of(place: Place) -> list[FieldFault]:
    """Return what contradicts itself in a place, by field; an empty list when it can be."""
    faults = []
    is_consultant = place.role == Role.CONSULTANT
    if is_consultant and not place.level:
        faults.append(FieldFault("/level", "A consultant has a level: full, limited or read_only.", "required"))
    if place.level and not is_consultant:
        faults.append(FieldFault("/level", "Only a consultant has a level.", "not_applicable"))
    if place.role in ADMINISTRATORS and place.scope != ScopeKind.WHOLE_FIRM:
        faults.append(FieldFault("/scope", "Owners and admins see the whole firm.", "not_applicable"))
    if place.role in ADMINISTRATORS and place.hides_client_names:
        faults.append(FieldFault("/hides_client_names", "Owners and admins see clients' names.", "not_applicable"))
    if place.scope == ScopeKind.SUBSET and not place.grants:
        faults.append(FieldFault("/grants", "Name at least one grant for a subset.", "required"))
    if place.scope != ScopeKind.SUBSET and place.grants:
        faults.append(FieldFault("/grants", "Grants belong to the scope `subset`.", "not_applicable"))
    faults += [
        FieldFault(f"/grants/{position}", "A grant that names nothing grants nothing.", "required")
        for position, grant in enumerate(place.grants)
        if not any(grant.values())
    ]
    return faults


def may_give(actor: str, *, before: str | None, after: str | None) -> bool:
    """Tell whether somebody with the role `actor` may turn a place of role `before` into one of role `after`.

    None: no place yet, or none any more. Owners may everything; admins everything in which no owner is concerned.
    """
    if actor == Role.OWNER:
        return True
    return actor == Role.ADMIN and Role.OWNER not in (before, after)


_SEEN_BY_OTHERS = {
    ScopeKind.WHOLE_FIRM.value: "sees the whole firm",
    ScopeKind.SUBSET.value: "sees parts of the firm",
    ScopeKind.SELF.value: "sees their own work",
}


def describe_place(place: Place) -> str:
    """Return a place in words for those who run the firm."""
    level = f", {place.level.replace('_', '-')}" if place.level else ""
    return f"{place.role.capitalize()}{level}; {_SEEN_BY_OTHERS[place.scope]}"
