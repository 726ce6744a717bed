"""Agree to the documents in force, for oneself."""

import json
from collections.abc import Mapping
from datetime import datetime

from apps.accounts.contracts import Agreed
from apps.accounts.errors import TermsOutdated
from apps.accounts.models import PersonalAgreement
from apps.accounts.rules.terms import DOCUMENTS
from apps.core import audit
from apps.core.errors import FieldFault
from apps.core.tenancy import acting_as


def check_versions(versions: Mapping[str, str]) -> None:
    """Raise TermsOutdated, naming each field, unless these are the versions in force."""
    faults = tuple(
        FieldFault(f"/agreed/{document}", f"In force is version {in_force}.", "outdated")
        for document, in_force in DOCUMENTS.items()
        if versions.get(document) != in_force
    )
    if faults:
        raise TermsOutdated("Read the version in force and agree to that one.", faults=faults)


def write_agreed(agreed: Agreed) -> str:
    """Return an agreement as text, to travel in a link until the account opens. Raises TermsOutdated."""
    check_versions(agreed.versions)
    return json.dumps({"versions": dict(agreed.versions), "ip": agreed.ip, "at": agreed.at.isoformat()})


def note_written(*, user_id: int, text: str) -> None:
    """Note what `write_agreed` wrote, now that the account is open. Joins the caller's transaction."""
    agreed = json.loads(text)
    note_agreement(
        user_id=user_id,
        versions=agreed["versions"],
        ip=agreed["ip"],
        agreed_at=datetime.fromisoformat(agreed["at"]),
    )


def agree_personally(*, user_id: int, versions: Mapping[str, str], ip: str | None, now: datetime) -> None:
    """Note what the person agreed to; agreeing again changes nothing. Raises TermsOutdated."""
    check_versions(versions)
    note_agreement(user_id=user_id, versions=versions, ip=ip, agreed_at=now)


def note_agreement(*, user_id: int, versions: Mapping[str, str], ip: str | None, agreed_at: datetime) -> None:
    """Write down versions that were in force when they were agreed to. Joins the caller's transaction."""
    with acting_as(user_id):
        for document, version in versions.items():
            _, is_new = PersonalAgreement.objects.get_or_create(
                user_id=user_id, document=document, version=version, defaults={"accepted_at": agreed_at, "ip": ip}
            )
            if is_new:
                audit.record("accounts.terms_agreed", user_id=user_id, target=document, ip=ip, version=version)
