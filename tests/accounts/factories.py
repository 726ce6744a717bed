"""The one cast of the tests, and the smallest valid people and firms."""

import itertools
from dataclasses import dataclass

from django.utils import timezone
from rest_framework.test import APIClient

from apps.accounts.contracts import FirmProfile, Origin
from apps.accounts.models import Membership, User
from apps.accounts.rules.terms import DOCUMENTS
from apps.accounts.services.agree_personally import agree_personally
from apps.accounts.services.create_firm import create_firm
from apps.accounts.services.start_session import start_session
from apps.core.scope import Level, Role, ScopeKind
from apps.core.tenancy import tenant

PASSWORD = "correct horse battery staple"
# What a registration agrees to, in the API and, ticked, on a page.
AGREED = {"terms_of_service": "1.0", "data_processing_agreement": "1.0"}
TICKED = "1.0 1.0"
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Cast:
    """An owner, a colleague in the same firm, a stranger from another firm, a consultant of both."""

    firm: FirmProfile
    owner: User
    colleague: User
    stranger: User
    strangers_firm: FirmProfile
    consultant: User


def make_user(name: str = "Ada Partner") -> User:
    """A person without a usable password: hashing one is slow, and few tests need it."""
    return User.objects.create_user(f"person{next(_numbers)}@example.com", None, name=name)


def make_firm(
    owner: User, name: str = "Ash & Birch LLP", *, time_zone: str = "UTC", currency: str = "USD"
) -> FirmProfile:
    """A firm owned by a person."""
    agree_personally(user_id=owner.pk, versions=DOCUMENTS, ip=None, now=timezone.now())
    return create_firm(owner_id=owner.pk, name=name, time_zone=time_zone, currency=currency)


def join(
    user: User,
    firm: FirmProfile,
    *,
    role: Role = Role.MEMBER,
    scope: ScopeKind = ScopeKind.WHOLE_FIRM,
    clio_user_id: int | None = None,
    grants: list[dict[str, list[int]]] | None = None,
    permissions: list[str] | None = None,
    level: Level | None = None,
    hides_client_names: bool = False,
) -> Membership:
    """Make a person a member of a firm."""
    with tenant(firm.firm_id):
        return Membership.objects.create(
            firm_id=firm.firm_id,
            user=user,
            role=role.value,
            scope=scope.value,
            clio_user_id=clio_user_id,
            grants=grants or [],
            permissions=permissions or [],
            level=level.value if level else "",
            hides_client_names=hides_client_names,
        )


def make_cast() -> Cast:
    """Everybody at once."""
    owner, colleague, stranger = make_user("Olive Owner"), make_user("Cole League"), make_user("Stan Stranger")
    consultant = make_user("Connie Sultant")
    firm, other = make_firm(owner), make_firm(stranger, "Other & Sons")
    join(colleague, firm)
    join(consultant, firm, role=Role.CONSULTANT)
    join(consultant, other, role=Role.CONSULTANT)
    return Cast(firm, owner, colleague, stranger, other, consultant)


def signed_in_client(user: User | None, *, second_factor: bool = True) -> APIClient:
    """A client with a fresh access token, its second factor just proved; for None one without any."""
    client = APIClient()
    if user is not None:
        methods = ("password", "app") if second_factor else ("password",)
        pair = start_session(user_id=user.pk, origin=Origin(), now=timezone.now(), methods=methods)
        client.credentials(HTTP_AUTHORIZATION=f"Bearer {pair.access}")
    return client
