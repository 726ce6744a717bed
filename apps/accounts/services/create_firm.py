"""Create a firm with its first owner."""

from django.db import connection, transaction

from apps.accounts.contracts import FirmProfile
from apps.accounts.models import Firm, Membership, PersonalAgreement, TermsAcceptance
from apps.accounts.queries.firms import profile_of
from apps.accounts.rules.terms import DOCUMENTS
from apps.accounts.signals import firm_created
from apps.core import audit
from apps.core.scope import Role, ScopeKind
from apps.core.tenancy import acting_as, tenant


def create_firm(*, owner_id: int, name: str, time_zone: str, currency: str) -> FirmProfile:
    """Create the firm and make the person its owner with the whole firm in view. Announces firm_created.

    What the person agreed to holds for the firm; where a document is missing, owners and admins are asked for it.
    """
    firm_id = _next_firm_id()
    with tenant(firm_id):
        firm = Firm(pk=firm_id, name=name, time_zone=time_zone, currency=currency)
        firm.save(force_insert=True)
        Membership.objects.create(firm=firm, user_id=owner_id, role=Role.OWNER.value, scope=ScopeKind.WHOLE_FIRM.value)
        _carry_agreements(firm, owner_id)
        audit.record("accounts.firm_created", firm_id=firm_id, user_id=owner_id, target=f"firm:{firm_id}")
        transaction.on_commit(lambda: _announce(firm_id), robust=True)
        firm.refresh_from_db()
        return profile_of(firm)


def _carry_agreements(firm: Firm, owner_id: int) -> None:
    """What the owner agreed to at sign-up holds for the firm they make, as long as it is in force."""
    with acting_as(owner_id):
        mine = list(PersonalAgreement.objects.filter(user_id=owner_id))
    for each in mine:
        if DOCUMENTS.get(each.document) == each.version:
            TermsAcceptance.objects.create(
                firm=firm,
                user_id=owner_id,
                document=each.document,
                version=each.version,
                accepted_at=each.accepted_at,
                ip=each.ip,
            )


def _next_firm_id() -> int:
    """Take the id beforehand: the wall lets nobody write a firm without saying which."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('accounts_firm', 'id'))")
        row: tuple[int] = cursor.fetchone()
    return row[0]


def _announce(firm_id: int) -> None:
    firm_created.send(sender=Firm, firm_id=firm_id)
