"""Somebody who knows the password cannot prove the second factor any more: ask for it to be taken off."""

from datetime import datetime

from apps.accounts.contracts import FactorResetPlan, Origin
from apps.accounts.errors import FactorMissing
from apps.accounts.models import FactorReset, LinkedIdentity, MailedToken, Membership, User
from apps.accounts.queries.factors import get_factor_state
from apps.accounts.rules.factor_reset import APPROVAL_WITHIN, delay_of
from apps.accounts.rules.lockout import FACTOR_RESETS
from apps.accounts.services.account_lock import lock_account
from apps.accounts.services.factor_reset_trail import firms_of, record_reset
from apps.accounts.services.finish_sign_in import whose_pending
from apps.accounts.services.mailed_links import address_of, make_link
from apps.accounts.services.people_told import owners_of
from apps.accounts.services.stop_factor_reset import OPEN, is_owner
from apps.accounts.services.take_try import take_try
from apps.core.tenancy import acting_as, tenant
from apps.notifications.interface import PersonAt, notify


def request_factor_reset(*, pending: str, origin: Origin, now: datetime) -> FactorResetPlan:
    """Note the request, tell every address and number of the person and every owner of their firms; return the plan.

    pending: of a sign-in whose password was right. Nothing is taken off before the delay and staff's approval. Asked
    again while it is open, it is the same request. Raises TokenRefused, FactorMissing, SignInLocked.
    """
    user_id, _ = whose_pending(pending)
    if not get_factor_state(user_id=user_id).has_any:
        raise FactorMissing("There is no second step to reset; sign in again.")
    if (found := _find_open(user_id)) is not None:
        return found
    take_try(subject=f"factor-reset:{user_id}", policy=FACTOR_RESETS, now=now)
    with acting_as(user_id):
        user = lock_account(user_id)
        if (found := _find_open(user_id)) is not None:  # the same person's second click
            return found
        reset = _write(user, now)
        _tell_person(reset, user, now)
        reset.owners_told = sum(_tell_owners(reset, user, firm_id, now) for firm_id in firms_of(user_id))
        reset.save(update_fields=["owners_told"])
        record_reset("requested", user_id=user_id, reset_id=reset.pk, ip=origin.ip)
    return FactorResetPlan(reset.requested_at, reset.earliest_at)


def _find_open(user_id: int) -> FactorResetPlan | None:
    with acting_as(user_id):
        found = FactorReset.objects.filter(OPEN, user_id=user_id).first()
    return FactorResetPlan(found.requested_at, found.earliest_at) if found else None


def _write(user: User, now: datetime) -> FactorReset:
    is_only_owner = any(_is_alone(user.pk, firm_id) for firm_id in firms_of(user.pk))
    earliest_at = now + delay_of(is_only_owner=is_only_owner)
    return FactorReset.objects.create(
        user=user,
        requested_at=now,
        earliest_at=earliest_at,
        expires_at=earliest_at + APPROVAL_WITHIN,
        is_only_owner=is_only_owner,
    )


def _is_alone(user_id: int, firm_id: int) -> bool:
    with tenant(firm_id):
        return is_owner(user_id=user_id, firm_id=firm_id) and owners_of(firm_id) == [user_id]


def _tell_person(reset: FactorReset, user: User, now: datetime) -> None:
    context: dict[str, str | int | bool] = {
        "name": user.name,
        "requested_at": reset.requested_at.isoformat(),
        "takes_effect_at": reset.earliest_at.isoformat(),
        "address": _stop_address(reset, to=user.pk, firm_id=None, now=now),
    }
    notify(recipient=user.pk, kind="accounts.factor_reset_requested", context=context)
    elsewhere = LinkedIdentity.objects.filter(user=user).exclude(email="").values_list("email", flat=True)
    for email in sorted({each.lower() for each in elsewhere} - {user.email.lower()}):
        notify(recipient=PersonAt(user.pk, email=email), kind="accounts.factor_reset_requested", context=context)


def _tell_owners(reset: FactorReset, user: User, firm_id: int, now: datetime) -> int:
    with tenant(firm_id):
        firm_name = Membership.objects.filter(user=user, firm_id=firm_id).values_list("firm__name", flat=True).get()
        others = [owner for owner in owners_of(firm_id) if owner != user.pk]
        for owner in others:
            context: dict[str, str | int | bool] = {
                "person": user.name,
                "firm": firm_name,
                "takes_effect_at": reset.earliest_at.isoformat(),
                "address": _stop_address(reset, to=owner, firm_id=firm_id, now=now),
            }
            notify(recipient=owner, kind="accounts.factor_reset_of_member", context=context)
    return len(others)


def _stop_address(reset: FactorReset, *, to: int, firm_id: int | None, now: datetime) -> str:
    """Return a link of the reader's own; an owner may be asked about two colleagues at a time."""
    token = make_link(
        user_id=to,
        purpose=MailedToken.Purpose.STOP_FACTOR_RESET,
        lifetime=reset.expires_at - now,
        now=now,
        details={"reset_id": str(reset.pk), "person_id": str(reset.user_id), "firm_id": str(firm_id or "")},
        replaces=False,
    )
    return address_of(f"/account/stop/{token}")
