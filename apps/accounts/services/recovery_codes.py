"""Ten codes for the day the phone is gone."""

from datetime import datetime

from apps.accounts.contracts import Origin
from apps.accounts.errors import FactorMissing
from apps.accounts.models import RecoveryCode, User
from apps.accounts.queries.factors import get_factor_state
from apps.accounts.rules.codes import make_recovery_codes, plain_code
from apps.accounts.services.announce_factor import announce_codes_renewed
from apps.accounts.services.prove_factor import recovery_code_digest
from apps.core.tenancy import acting_as


def first_recovery_codes(*, user_id: int) -> tuple[str, ...]:
    """Return ten new codes if the person has none left, else nothing. Joins the caller's transaction."""
    if RecoveryCode.objects.filter(user_id=user_id, used_at__isnull=True).exists():
        return ()
    return _make(user_id)


def renew_recovery_codes(*, user_id: int, origin: Origin, now: datetime) -> tuple[str, ...]:
    """Return ten new codes; the old ones stop working. They are shown this once. Raises FactorMissing."""
    if not get_factor_state(user_id=user_id).has_any:
        raise FactorMissing("Set up a second step first.")
    with acting_as(user_id):
        User.objects.select_for_update().get(pk=user_id)
        codes = _make(user_id)
        announce_codes_renewed(user_id=user_id, origin=origin, now=now)
    return codes


def _make(user_id: int) -> tuple[str, ...]:
    RecoveryCode.objects.filter(user_id=user_id).delete()
    codes = make_recovery_codes()
    RecoveryCode.objects.bulk_create(
        RecoveryCode(user_id=user_id, code_digest=recovery_code_digest(user_id, plain_code(code))) for code in codes
    )
    return tuple(codes)
