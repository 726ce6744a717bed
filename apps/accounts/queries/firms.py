"""Firms and what a person is in them."""

import json
from dataclasses import replace
from decimal import Decimal
from uuid import UUID

from django.db import connection, transaction

from apps.accounts.contracts import FirmMembership, FirmProfile
from apps.accounts.models import Firm, Membership
from apps.accounts.rules.terms import documents_owed
from apps.core.access import ADMINISTRATORS, FirmAccess, permissions_held
from apps.core.scope import Grant, Level, Role, Scope, ScopeKind
from apps.core.tenancy import acting_as

_PLACE = """
SELECT membership_id, firm_id, role, scope, level, grants, permissions, clio_user_id, demands_second_factor,
       hides_client_names, agreed, own_work_includes_matters
FROM resolve_membership(%s, %s::uuid)
"""


def find_firm_access(*, user_id: int, firm_public_id: UUID) -> FirmAccess | None:
    """Return a person's place in a firm, or None for strangers, suspended members and unknown firms.

    One query, one round trip, never cached: what a firm changes about a member holds from the next request on.
    """
    with connection.cursor() as cursor:
        cursor.execute(_PLACE, [user_id, firm_public_id])
        row = cursor.fetchone()
    if row is None:
        return None
    membership_id, firm_id, role, scope, level, grants, permissions, clio_user_id, *of_the_firm = row
    demands_second_factor, hides_client_names, agreed, own_work_includes_matters = of_the_firm
    membership = Membership(
        pk=membership_id,
        firm=Firm(pk=firm_id, own_work_includes_matters=own_work_includes_matters),
        user_id=user_id,
        role=role,
        scope=scope,
        level=level,
        grants=json.loads(grants),
        permissions=permissions,
        clio_user_id=clio_user_id,
        hides_client_names=hides_client_names,
    )
    access = access_of(membership, firm_public_id)
    needs_factor = demands_second_factor or access.role is Role.CONSULTANT
    return replace(access, needs_second_factor=needs_factor, terms_owed=documents_owed(agreed))


def access_of(membership: Membership, firm_public_id: UUID) -> FirmAccess:
    """Return the access a membership gives."""
    role, level = Role(membership.role), Level(membership.level) if membership.level else None
    return FirmAccess(
        firm_id=membership.firm_id,
        membership_id=membership.pk,
        role=role,
        scope=scope_of(membership),
        permissions=permissions_held(role, level, membership.permissions),
        firm_public_id=firm_public_id,
        level=level,
    )


def scope_of(membership: Membership) -> Scope:
    """Return the part of the firm a membership may see."""
    grants = tuple(Grant(**{name: tuple(ids) for name, ids in grant.items()}) for grant in membership.grants)
    return Scope(
        firm_id=membership.firm_id,
        kind=ScopeKind(membership.scope),
        clio_user_id=membership.clio_user_id,
        grants=grants,
        hides_client_names=membership.hides_client_names,
        sees_own_matters=membership.firm.own_work_includes_matters,
    )


def is_administrator(*, user_id: int, firm_id: int) -> bool:
    """Tell whether a person is an owner or admin of a firm now; call it inside the firm's tenant transaction."""
    return Membership.objects.filter(
        firm_id=firm_id,
        user_id=user_id,
        user__is_active=True,
        status=Membership.Status.ACTIVE,
        role__in=[role.value for role in ADMINISTRATORS],
    ).exists()


def list_memberships(*, user_id: int) -> list[FirmMembership]:
    """Return the firms a person belongs to, by name."""
    with acting_as(user_id, read_only=True):
        memberships = Membership.objects.filter(user_id=user_id, status=Membership.Status.ACTIVE)
        return [
            FirmMembership(profile_of(membership.firm), membership.role, membership.scope, membership.level)
            for membership in memberships.select_related("firm").order_by("firm__name", "firm_id")
        ]


def get_firm_profile(*, firm_id: int) -> FirmProfile:
    """Return a firm's settings; call it inside the firm's tenant transaction."""
    return profile_of(Firm.objects.get(pk=firm_id))


def profile_of(firm: Firm) -> FirmProfile:
    """Return a firm as what crosses the door."""
    return FirmProfile(
        firm_id=firm.pk,
        public_id=firm.public_id,
        name=firm.name,
        time_zone=firm.time_zone,
        currency=firm.currency,
        fiscal_year_start_month=firm.fiscal_year_start_month,
        week_starts_on=firm.week_starts_on,
        created_at=firm.created_at,
        working_days=tuple(firm.working_days),
        holidays=firm.holiday_dates,
        daily_hours=firm.daily_hours,
        own_work_includes_matters=firm.own_work_includes_matters,
        targets={key: Decimal(target) for key, target in firm.targets.items()},
    )


def list_firm_ids() -> list[int]:
    """Return the ids of all firms, for periodic work that loops over them."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT firm_id FROM resolve_firm_ids()")
        return [row[0] for row in cursor.fetchall()]


def find_firm_id(*, public_id: UUID) -> int | None:
    """Return a firm's inner id by its public one, or None; for operators' commands."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT firm_id FROM resolve_firm_by_public_id(%s)", [public_id])
        row: tuple[int] | None = cursor.fetchone()
    return row[0] if row else None
