"""Stop a reset of second factors: by the person, an owner, staff, or because the factor was there after all."""

from datetime import datetime

from django.db.models import Q

from apps.accounts.errors import FactorResetNotFound
from apps.accounts.models import FactorReset, MailedToken, Membership, User
from apps.accounts.services.account_lock import lock_account
from apps.accounts.services.factor_reset_trail import record_reset
from apps.accounts.services.mailed_links import Link, link_refused, use_link, void_links
from apps.core.scope import Role
from apps.core.tenancy import acting_as, tenant
from apps.notifications.interface import notify

OPEN = Q(status__in=[FactorReset.Status.REQUESTED, FactorReset.Status.APPROVED])


def stop_open_reset(
    *, user_id: int, because: str, now: datetime, reason: str = "", staff_id: int | None = None
) -> bool:
    """Stop the open request, if there is one, and tell the person; tell whether there was one.

    because: one of a few words for lists. reason: staff's sentence. Call it inside the person's
    transaction, with the account locked.
    """
    stopped = FactorReset.objects.filter(OPEN, user_id=user_id)
    reset_id = stopped.values_list("pk", flat=True).first()
    if reset_id is None:
        return False
    said = {"reason": reason} if reason else {}
    changed = stopped.filter(pk=reset_id).update(
        status=FactorReset.Status.STOPPED,
        stopped_at=now,
        stopped_because=because,
        **said,
    )
    if not changed:
        return False
    void_links(user_id=user_id, purposes=(MailedToken.Purpose.STOP_FACTOR_RESET,), now=now)
    name = User.objects.values_list("name", flat=True).get(pk=user_id)
    context = {"name": name, "stopped_at": now.isoformat()}
    notify(recipient=user_id, kind="accounts.factor_reset_stopped", context=context)
    record_reset("stopped", user_id=user_id, reset_id=reset_id, because=because, staff_id=staff_id)
    return True


def stop_reset_by_mailed_link(link: Link, *, now: datetime) -> None:
    """Stop the request a mailed link belongs to, as the person or as an owner of a firm of theirs.

    Raises LinkRefused when it is over already, or when the owner is none any more.
    """
    person_id = int(link.details["person_id"])
    is_own = person_id == link.user_id
    if not is_own and not is_owner(user_id=link.user_id, firm_id=int(link.details["firm_id"])):
        raise link_refused()
    with acting_as(person_id):
        lock_account(person_id)
        with acting_as(link.user_id):
            use_link(link, now=now)
        is_the_same = FactorReset.objects.filter(OPEN, pk=int(link.details["reset_id"])).exists()
        because = "by the person" if is_own else "by an owner"
        if not is_the_same or not stop_open_reset(user_id=person_id, because=because, now=now):
            raise link_refused()


def note_factor_proved(*, user_id: int, now: datetime) -> None:
    """Stop the open request of somebody who proved a factor: it is not lost, whoever says so."""
    with acting_as(user_id):
        if FactorReset.objects.filter(OPEN, user_id=user_id).exists():
            lock_account(user_id)
            stop_open_reset(user_id=user_id, because="factor proved", now=now)


def refuse_factor_reset(*, user_id: int, reset_id: int, staff_user_id: int, reason: str, now: datetime) -> None:
    """Refuse a request, by a member of staff. Raises FactorResetNotFound when it is over."""
    with acting_as(user_id):
        lock_account(user_id)
        if not FactorReset.objects.filter(OPEN, pk=reset_id).exists() or not stop_open_reset(
            user_id=user_id, because="refused by staff", now=now, reason=reason, staff_id=staff_user_id
        ):
            raise FactorResetNotFound


def is_owner(*, user_id: int, firm_id: int) -> bool:
    """Tell whether a person is an active owner of a firm at this moment."""
    with tenant(firm_id):
        return Membership.objects.filter(
            firm_id=firm_id,
            user_id=user_id,
            user__is_active=True,
            role=Role.OWNER.value,
            status=Membership.Status.ACTIVE,
        ).exists()
