"""Ask for a firm to be erased, or take that back."""

from datetime import datetime, timedelta

from apps.accounts import jobs
from apps.accounts.errors import ErasureUnderWay, NoErasure
from apps.accounts.models import FirmErasure, User
from apps.accounts.services.firm_lock import lock_firm
from apps.accounts.services.mailed_links import firm_address_of
from apps.accounts.services.people_told import tell_administrators
from apps.core import audit
from apps.core.errors import FieldFault, InvalidInput
from apps.core.jobs import enqueue
from apps.core.tenancy import tenant

# Time to notice the mail and to take a copy of everything.
DELAY = timedelta(days=14)


def request_erasure(*, firm_id: int, actor_id: int, firm_name: str, now: datetime) -> FirmErasure:
    """Promise to erase the firm in fourteen days and tell every owner and admin.

    firm_name: the firm's name, typed by whoever asks. Raises InvalidInput, ErasureUnderWay.
    """
    with tenant(firm_id):
        firm = lock_firm(firm_id)
        if firm_name.strip() != firm.name.strip():
            fault = FieldFault("/firm_name", "This is not the name of the firm.", "mismatch")
            raise InvalidInput("Type the firm's name to confirm.", faults=(fault,))
        if FirmErasure.objects.filter(firm=firm, stopped_at__isnull=True).exists():
            raise ErasureUnderWay
        erasure = FirmErasure.objects.create(
            firm=firm, requested_by_id=actor_id, requested_at=now, erase_at=now + DELAY
        )
        enqueue(jobs.ERASE_FIRM, firm_id=firm_id, available_at=erasure.erase_at, erasure_id=erasure.pk)
        audit.record("accounts.erasure_requested", firm_id=firm_id, user_id=actor_id, target=f"erasure:{erasure.pk}")
        tell_administrators(
            firm_id=firm_id,
            kind="accounts.firm_erasure_scheduled",
            firm=firm.name,
            person=User.objects.get(pk=actor_id).name,
            erased_on=erasure.erase_at.date().isoformat(),
            address=firm_address_of("/firm/erasure", firm.public_id),
        )
    return erasure


def stop_erasure(*, firm_id: int, actor_id: int, now: datetime) -> None:
    """Keep the firm after all and tell every owner and admin. Raises NoErasure."""
    with tenant(firm_id):
        firm = lock_firm(firm_id)
        erasure = FirmErasure.objects.filter(firm=firm, stopped_at__isnull=True).first()
        if erasure is None:
            raise NoErasure
        erasure.stopped_at = now
        erasure.save(update_fields=["stopped_at"])
        audit.record("accounts.erasure_stopped", firm_id=firm_id, user_id=actor_id, target=f"erasure:{erasure.pk}")
        tell_administrators(
            firm_id=firm_id,
            kind="accounts.firm_erasure_stopped",
            firm=firm.name,
            person=User.objects.get(pk=actor_id).name,
            stopped_at=now.isoformat(),
        )
