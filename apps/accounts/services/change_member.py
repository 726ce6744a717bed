"""Give a member another place in the firm."""

from apps.accounts.contracts import Place
from apps.accounts.models import Membership
from apps.accounts.queries.members import place_of
from apps.accounts.rules.places import SEES, faults_of
from apps.accounts.services.distrust_devices import distrust_devices
from apps.accounts.services.firm_lock import check_authority, keep_an_owner, lock_firm, lock_member
from apps.accounts.services.mailed_links import address_of
from apps.accounts.services.people_told import tell
from apps.core import audit
from apps.core.errors import FieldFault, InvalidInput
from apps.core.scope import Role
from apps.core.tenancy import tenant

_FIELDS = ("role", "scope", "grants", "permissions", "level", "clio_user_id", "hides_client_names")


def change_member(*, firm_id: int, membership_id: int, actor_id: int, changes: dict[str, object]) -> None:
    """Change some of role, scope, grants, permissions, level and Clio user; in force with the next request.

    changes: by the names of Place's fields. The member is told what they are and see now. Raises MemberNotFound,
    OwnersOnly, LastOwner, InvalidInput.
    """
    with tenant(firm_id):
        firm = lock_firm(firm_id)
        member = lock_member(firm_id, membership_id)
        before = place_of(member)
        after = _changed(before, changes)
        check_authority(firm_id, actor_id, before=before.role, after=after.role)
        check_place(firm_id, after, but=membership_id)
        if after == before:
            return
        if after.role != Role.OWNER:
            keep_an_owner(member)
        set_place(member, after)
        member.save(update_fields=list(_FIELDS))
        if after.role == Role.CONSULTANT:  # they prove the second factor each time
            distrust_devices(user_id=member.user_id)
        audit.record(
            "accounts.member_changed",
            firm_id=firm_id,
            user_id=actor_id,
            target=f"membership:{membership_id}",
            before=_plain(before),
            after=_plain(after),
        )
        if member.user_id != actor_id:
            tell(
                member.user_id,
                kind="accounts.role_changed",
                firm=firm.name,
                person=member.user.name,
                role=after.role,
                sees=SEES[after.scope],
                address=address_of("/"),
            )


def set_place(member: Membership, place: Place) -> None:
    """Put a place on a membership that the caller saves."""
    member.role, member.scope, member.level = place.role, place.scope, place.level
    member.grants = [dict(grant) for grant in place.grants]
    member.permissions, member.clio_user_id = list(place.permissions), place.clio_user_id
    member.hides_client_names = place.hides_client_names


def check_place(firm_id: int, place: Place, *, but: int | None = None) -> None:
    """Raise InvalidInput when a place contradicts itself or names a Clio user who is another member. Under the lock."""
    faults = faults_of(place)
    if place.clio_user_id is not None:
        others = Membership.objects.filter(
            firm_id=firm_id, clio_user_id=place.clio_user_id, status=Membership.Status.ACTIVE
        )
        if others.exclude(pk=but or 0).exists():
            faults.append(FieldFault("/clio_user_id", "Another member is this Clio user.", "unique"))
    if faults:
        raise InvalidInput("This place in the firm cannot be.", faults=tuple(faults))


def _changed(before: Place, changes: dict[str, object]) -> Place:
    values = {name: getattr(before, name) for name in _FIELDS} | changes
    if "role" in changes and changes["role"] != Role.CONSULTANT and "level" not in changes:
        values["level"] = ""
    if "scope" in changes and "grants" not in changes and changes["scope"] != "subset":
        values["grants"] = ()
    return Place(**values)


def _plain(place: Place) -> dict[str, object]:
    return {
        name: list(value) if isinstance(value := getattr(place, name), tuple) else value
        for name in _FIELDS
        if name != "grants"
    } | {"grants": [dict(grant) for grant in place.grants]}
