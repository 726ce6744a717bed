"""Call Clio as one and the same user from beginning to end: what another one sees must not be compared with it."""

from datetime import datetime

from apps.clio.contracts import Grant, Purpose
from apps.clio.models import ClioConnection
from apps.clio.services.access_token import check_still_granted
from apps.clio.services.call_clio import ClioCaller
from apps.core.tenancy import tenant


class OtherUserConnected(Exception):
    """Another Clio user was connected since; whoever meets this must conclude nothing more."""


def check_same_user(grant: Grant, *, firm_id: int, since: datetime) -> None:
    """Make sure, inside the firm's transaction and until its end, that the grant stands and is still that user's.

    Raises OtherUserConnected, ClioNotConnected, ClioGrantRevoked.
    """
    check_still_granted(grant, firm_id=firm_id)
    known = ClioConnection.objects.filter(firm_id=firm_id).values_list("clio_user_since", flat=True).first()
    if known != since:
        raise OtherUserConnected


class OneUserCaller(ClioCaller):
    """Calls of bulk work with tokens of the user who is connected `since` then. Raises OtherUserConnected."""

    def __init__(self, firm_id: int, since: datetime) -> None:
        self.since = since
        super().__init__(firm_id, Purpose.BULK)

    def _use(self, grant: Grant) -> None:
        with tenant(self.firm_id):
            check_same_user(grant, firm_id=self.firm_id, since=self.since)
        super()._use(grant)
