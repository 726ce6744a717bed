"""A consultant looks at several firms at once; each of them can see that."""

from apps.accounts.queries.client_firms import ClientFirm, list_client_firms
from apps.core import audit
from apps.core.tenancy import tenant


def look_across_firms(*, user_id: int, what: str, ip: str | None) -> list[ClientFirm]:
    """Return the consultant's client firms, after writing the look into the trail of each. what: the route."""
    firms = list_client_firms(user_id=user_id)
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
    return firms
