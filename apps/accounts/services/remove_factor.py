"""Take a second factor away."""

from datetime import datetime

from apps.accounts.contracts import Origin
from apps.accounts.errors import FactorMissing, FactorRequired
from apps.accounts.models import Authenticator, Phone, RecoveryCode, TrustedDevice, User
from apps.accounts.queries.factors import get_factor_state
from apps.accounts.rules.methods import APP
from apps.accounts.services.announce_factor import announce_factor_removed
from apps.accounts.services.contact_card import update_contact_card
from apps.core.tenancy import acting_as


def remove_factor(*, user_id: int, method: str, origin: Origin, now: datetime) -> None:
    """Remove the app or the number; with the last of them the recovery codes and trusted devices go too.

    Call it only after a step-up. Raises FactorMissing; FactorRequired for the last one of somebody who must have one.
    """
    with acting_as(user_id):
        User.objects.select_for_update().get(pk=user_id)  # two removals at one moment must not both see the other
        state = get_factor_state(user_id=user_id)
        if not (state.has_app if method == APP else state.phone):
            raise FactorMissing
        is_last = not (state.has_app and state.phone)
        if is_last and state.is_required:
            raise FactorRequired("Set up another second step before you remove this one.")
        if method == APP:
            Authenticator.objects.filter(user_id=user_id).delete()
            factor = "authenticator app"
        else:
            Phone.objects.filter(user_id=user_id).delete()
            update_contact_card(user_id=user_id)
            factor = f"text message to the number ending in {state.phone[-4:]}"
        if is_last:
            RecoveryCode.objects.filter(user_id=user_id).delete()
            TrustedDevice.objects.filter(user_id=user_id).delete()
        announce_factor_removed(user_id=user_id, factor=factor, origin=origin, now=now)
