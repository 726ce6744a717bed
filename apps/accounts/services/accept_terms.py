"""Agree to a document in the name of a firm."""

from datetime import datetime

from apps.accounts.errors import TermsOutdated
from apps.accounts.models import TermsAcceptance
from apps.accounts.rules.terms import DOCUMENTS
from apps.core import audit
from apps.core.tenancy import tenant


def accept_terms(*, firm_id: int, actor_id: int, document: str, version: str, ip: str | None, now: datetime) -> None:
    """Note who agreed to which version; agreeing again changes nothing. Raises TermsOutdated."""
    if DOCUMENTS.get(document) != version:
        raise TermsOutdated(f"In force is version {DOCUMENTS.get(document)}.")
    with tenant(firm_id):
        _, is_new = TermsAcceptance.objects.get_or_create(
            firm_id=firm_id,
            document=document,
            version=version,
            defaults={"user_id": actor_id, "accepted_at": now, "ip": ip},
        )
        if is_new:
            audit.record(
                "accounts.terms_accepted",
                firm_id=firm_id,
                user_id=actor_id,
                target=document,
                ip=ip,
                version=version,
            )
