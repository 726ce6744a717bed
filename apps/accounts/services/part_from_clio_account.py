"""End what ties a firm's people to records of a Clio account it lets go of: the ids may mean others in the next one."""

from collections.abc import Mapping

from apps.accounts.models import Invitation, Membership, TargetHours
from apps.accounts.services.firm_lock import lock_firm
from apps.core import audit
from apps.core.scope import ScopeKind
from apps.core.tenancy import tenant


def part_from_clio_account(*, firm_id: int, operator_id: int) -> int:
    """Untie members, invitations and target hours from the account's users, areas and clients; return how many.

    Who saw a part of the firm by grants sees nothing from then on, nor does who saw their own work: an administrator
    gives them their part anew. What everybody's part was, and all target hours, stand in the trail.
    """
    with tenant(firm_id):
        lock_firm(firm_id)
        members = Membership.objects.select_for_update().filter(firm_id=firm_id).order_by("pk")
        invited = Invitation.objects.select_for_update().filter(
            firm_id=firm_id, accepted_at__isnull=True, revoked_at__isnull=True
        )
        untied = [_untie(each, "membership", operator_id) for each in members]
        untied += [_untie(each, "invitation", operator_id) for each in invited.order_by("pk")]
        return sum(untied) + _end_target_hours(firm_id, operator_id)


def _untie(place: Membership | Invitation, what: str, operator_id: int) -> bool:
    before = _tie_of(place)
    if before["clio_user_id"] is None and not before["grants"]:
        return False
    place.clio_user_id, place.grants = None, []
    if place.scope == ScopeKind.SUBSET.value:
        place.scope = ScopeKind.SELF.value  # of nobody in Clio: no row
    place.save(update_fields=["clio_user_id", "grants", "scope"])
    audit.record(
        "accounts.clio_tie_ended",
        firm_id=place.firm_id,
        user_id=operator_id,
        target=f"{what}:{place.pk}",
        before=before,
        after=_tie_of(place),
    )
    return True


def _tie_of(place: Membership | Invitation) -> Mapping[str, object]:
    return {"scope": place.scope, "clio_user_id": place.clio_user_id, "grants": place.grants}


def _end_target_hours(firm_id: int, operator_id: int) -> int:
    rows = TargetHours.objects.filter(firm_id=firm_id).order_by("timekeeper_id", "starts_on")
    told = [[row.timekeeper_id, row.starts_on.isoformat(), str(row.monthly_hours)] for row in rows]
    if told:
        audit.record("accounts.target_hours_ended", firm_id=firm_id, user_id=operator_id, rows=told)
        rows.delete()
    return len(told)
