"""What accounts keeps of a firm, for its copy and for its erasure."""

from collections.abc import Iterator, Mapping

from apps.accounts.models import (
    ApiKey,
    ConsultantLook,
    Firm,
    FirmErasure,
    FirmExport,
    FirmSecurity,
    Invitation,
    Membership,
    OwnershipOffer,
    TargetHours,
    TermsAcceptance,
)
from apps.core.firm_rows import erase_rows, export_rows
from apps.core.registries import firm_erasers, firm_exporters

_OF_A_FIRM = (
    OwnershipOffer,
    ConsultantLook,
    TargetHours,
    ApiKey,
    Invitation,
    TermsAcceptance,
    FirmExport,
    FirmErasure,
    FirmSecurity,
    Membership,
)


def register_firm_rows() -> None:
    """Add this app's exporters and erasers. Erasers run from the last to the first, so the firm goes last."""
    firm_erasers.add("accounts.firm", erase_rows(Firm, firm="id"))
    firm_erasers.add("accounts.people", erase_rows(*_OF_A_FIRM))
    firm_exporters.add("accounts.firm", export_rows(Firm, firm="id"))
    firm_exporters.add("accounts.members", _members)
    firm_exporters.add("accounts.invitations", export_rows(Invitation, without=("token_hash",)))
    firm_exporters.add("accounts.api_keys", export_rows(ApiKey, without=("secret_hash",)))
    firm_exporters.add("accounts.ownership_offers", export_rows(OwnershipOffer))
    firm_exporters.add("accounts.target_hours", export_rows(TargetHours))
    firm_exporters.add("accounts.terms", export_rows(TermsAcceptance))


def _members(firm_id: int) -> Iterator[Mapping[str, object]]:
    for member in Membership.objects.filter(firm_id=firm_id).select_related("user").order_by("pk"):
        yield {
            "id": member.pk,
            "name": member.user.name,
            "email": member.user.email,
            "role": member.role,
            "scope": member.scope,
            "grants": member.grants,
            "permissions": member.permissions,
            "level": member.level,
            "clio_user_id": member.clio_user_id,
            "hides_client_names": member.hides_client_names,
            "status": member.status,
            "created_at": member.created_at,
            "ended_at": member.ended_at,
        }
