"""What a person can prove their identity with, and whether they must."""

from apps.accounts.contracts import FactorState
from apps.accounts.models import Authenticator, FirmSecurity, Membership, Phone, RecoveryCode, TrustedDevice
from apps.core.scope import Role
from apps.core.tenancy import acting_as


def get_factor_state(*, user_id: int) -> FactorState:
    """Return a person's second factors; one that was never confirmed does not count."""
    with acting_as(user_id):
        number = Phone.objects.filter(user_id=user_id, confirmed_at__isnull=False).values_list("number", flat=True)
        return FactorState(
            has_app=Authenticator.objects.filter(user_id=user_id, confirmed_at__isnull=False).exists(),
            phone="".join(f"…{each[-4:]}" for each in number[:1]),
            recovery_codes_left=RecoveryCode.objects.filter(user_id=user_id, used_at__isnull=True).count(),
            is_required=is_factor_required(user_id=user_id),
            trusted_devices=TrustedDevice.objects.filter(user_id=user_id).count(),
        )


def is_factor_required(*, user_id: int) -> bool:
    """Tell whether the person is a consultant anywhere, or one of their firms demands a second factor."""
    with acting_as(user_id):
        mine = Membership.objects.filter(user_id=user_id, status=Membership.Status.ACTIVE)
        if mine.filter(role=Role.CONSULTANT.value).exists():
            return True
        firm_ids = list(mine.values_list("firm_id", flat=True))
        return FirmSecurity.objects.filter(firm_id__in=firm_ids, demands_second_factor=True).exists()


def may_trust_devices(*, user_id: int) -> bool:
    """Tell whether every firm of the person lets devices be trusted. A consultant proves the factor each time."""
    with acting_as(user_id):
        mine = Membership.objects.filter(user_id=user_id, status=Membership.Status.ACTIVE)
        if mine.filter(role=Role.CONSULTANT.value).exists():
            return False
        firm_ids = set(mine.values_list("firm_id", flat=True))
        trusting = FirmSecurity.objects.filter(firm_id__in=firm_ids, trusts_devices=True).count()
        return trusting == len(firm_ids)


def get_firm_security(*, firm_id: int) -> FirmSecurity:
    """Return what a firm demands; call it inside the firm's tenant transaction."""
    return FirmSecurity.objects.filter(firm_id=firm_id).first() or FirmSecurity(firm_id=firm_id)
