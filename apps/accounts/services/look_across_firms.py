"""A consultant looks at several firms at once; each of them can see that, and its owners are told once a day."""

from datetime import datetime
from zoneinfo import ZoneInfo

from apps.accounts.models import ConsultantLook, User
from apps.accounts.queries.client_firms import ClientFirm, list_client_firms
from apps.accounts.services.mailed_links import firm_address_of
from apps.accounts.services.people_told import tell_owners
from apps.core import audit
from apps.core.tenancy import tenant


def look_across_firms(*, user_id: int, what: str, ip: str | None, now: datetime) -> list[ClientFirm]:
    """Return the consultant's client firms, after writing the look into the trail of each. what: the route.

    The first look of a day, in the firm's zone, is told to its owners.
    """
    firms = list_client_firms(user_id=user_id)
    name = User.objects.values_list("name", flat=True).get(pk=user_id)
    for client in firms:
        with tenant(client.firm.firm_id):
            audit.record(
                "accounts.cross_firm_read",
                firm_id=client.firm.firm_id,
                user_id=user_id,
                target=what,
                ip=ip,
                firms=len(firms),
            )
            if _is_first_today(client, now):
                _tell(client, name, now)
    return firms


def _is_first_today(client: ClientFirm, now: datetime) -> bool:
    """Claim the day in the firm's zone; of two looks at one moment one gets it."""
    today = now.astimezone(ZoneInfo(client.firm.time_zone)).date()
    _, is_new = ConsultantLook.objects.get_or_create(
        firm_id=client.firm.firm_id, membership_id=client.access.membership_id, looked_on=today
    )
    return is_new


def _tell(client: ClientFirm, consultant: str, now: datetime) -> None:
    tell_owners(
        firm_id=client.firm.firm_id,
        kind="accounts.consultant_looked",
        firm=client.firm.name,
        person=consultant,
        looked_at=now.isoformat(),
        address=firm_address_of("/firm/audit", client.firm.public_id),
    )
