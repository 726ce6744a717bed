"""A firm's people, invitations, keys and agreements; inside the firm's transaction."""

from collections.abc import Sequence

from django.db.models import QuerySet

from apps.accounts.contracts import Place
from apps.accounts.errors import MemberNotFound
from apps.accounts.models import ApiKey, Invitation, Membership, TermsAcceptance
from apps.accounts.rules.terms import DOCUMENTS
from apps.core.scope import Scope


def list_members(*, scope: Scope) -> Sequence[Membership]:
    """Return everybody who belongs to the firm, suspended ones too, in order of joining."""
    members = Membership.objects.filter(firm_id=scope.firm_id).exclude(status=Membership.Status.ENDED)
    return list(members.select_related("user").order_by("pk"))


def get_member(*, scope: Scope, membership_id: int) -> Membership:
    """Return one of them. Raises MemberNotFound."""
    members = Membership.objects.filter(firm_id=scope.firm_id).exclude(status=Membership.Status.ENDED)
    member = members.select_related("user").filter(pk=membership_id).first()
    if member is None:
        raise MemberNotFound
    return member


def place_of(member: Membership) -> Place:
    """Return what a member is."""
    return Place(
        role=member.role,
        scope=member.scope,
        grants=tuple(member.grants),
        permissions=tuple(member.permissions),
        level=member.level,
        clio_user_id=member.clio_user_id,
        hides_client_names=member.hides_client_names,
    )


def list_invitations(*, scope: Scope) -> Sequence[Invitation]:
    """Return the open invitations, expired ones too, the newest first."""
    invitations = Invitation.objects.filter(firm_id=scope.firm_id, accepted_at__isnull=True, revoked_at__isnull=True)
    return list(invitations.select_related("invited_by").order_by("-pk"))


def get_invitation(*, scope: Scope, invitation_id: int) -> Invitation:
    """Return an invitation of the firm by its id."""
    return Invitation.objects.select_related("invited_by").get(pk=invitation_id, firm_id=scope.firm_id)


def list_api_keys(*, scope: Scope, membership_id: int | None) -> QuerySet[ApiKey]:
    """Return the firm's keys that were not revoked, the newest first; only a member's own where one is named."""
    keys = ApiKey.objects.filter(firm_id=scope.firm_id, revoked_at__isnull=True).select_related("membership__user")
    if membership_id is not None:
        keys = keys.filter(membership_id=membership_id)
    return keys.order_by("-pk")


def list_terms(*, scope: Scope) -> list[dict[str, object]]:
    """Return each document with the version in force, and who accepted that version when, if anybody did."""
    accepted = {(each.document, each.version): each for each in TermsAcceptance.objects.filter(firm_id=scope.firm_id)}
    rows: list[dict[str, object]] = []
    for document, version in DOCUMENTS.items():
        found = accepted.get((document, version))
        rows.append(
            {
                "document": document,
                "version": version,
                "accepted_at": found.accepted_at if found else None,
                "accepted_by": found.user_id if found else None,
            }
        )
    return rows
