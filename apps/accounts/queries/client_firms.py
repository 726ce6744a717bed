"""The firms that let a consultant in, side by side."""

from dataclasses import dataclass

from apps.accounts.contracts import FirmProfile
from apps.accounts.models import Membership
from apps.accounts.queries.firms import access_of, profile_of
from apps.core.access import FirmAccess
from apps.core.scope import Role
from apps.core.tenancy import acting_as


@dataclass(frozen=True, slots=True)
class ClientFirm:
    """One client firm: its profile, and what the consultant may there."""

    firm: FirmProfile
    access: FirmAccess

    @property
    def level(self) -> str:
        return self.access.level.value if self.access.level else "read_only"

    @property
    def scope(self) -> str:
        return self.access.scope.kind.value

    @property
    def permissions(self) -> list[str]:
        return sorted(self.access.permissions)


def list_client_firms(*, user_id: int) -> list[ClientFirm]:
    """Return the firms where a person is an active consultant, by name."""
    with acting_as(user_id, read_only=True):
        memberships = Membership.objects.filter(
            user_id=user_id, status=Membership.Status.ACTIVE, role=Role.CONSULTANT.value
        )
        return [
            ClientFirm(profile_of(each.firm), access_of(each, each.firm.public_id))
            for each in memberships.select_related("firm").order_by("firm__name", "firm_id")
        ]
