"""How our own staff look across firms: a role that sees named columns only, entered in one place, always audited."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from apps.core import audit
from apps.core.rowsecurity import STAFF
from apps.core.tenancy import WrongTenant, current_firm_id


@contextmanager
def staff_view(user_id: int, reason: str, *, target: str = "") -> Iterator[None]:
    """Open one transaction in which the database shows staff what `StaffMayRead` named, of every firm.

    user_id: the member of staff, already allowed in by the admin. reason: what for, such as `deliveries listed`.
    The look itself is an entry of the audit trail, `core.staff_viewed`, in the same transaction. Inside, tables without
    a grant are closed, also those the application may read otherwise. Raises WrongTenant inside a firm's transaction.
    """
    if current_firm_id() is not None:
        raise WrongTenant(f"staff's view inside firm {current_firm_id()}")
    with transaction.atomic():
        audit.record("core.staff_viewed", user_id=user_id, target=target, reason=reason)
        before = _current_role()
        _become(STAFF)
        yield
        # Not in a `finally`: after an error the rollback restores the role, and nothing else could be said.
        _become(before)


def _current_role() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        row: tuple[str] = cursor.fetchone()
    return row[0]


def _become(role: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('role', %s, true)", [role])
