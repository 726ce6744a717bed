"""Keep notifications' contact card in step with the person's own account."""

from apps.accounts.models import Phone, User
from apps.core.tenancy import acting_as
from apps.notifications.interface import set_contact


def update_contact_card(*, user_id: int) -> None:
    """Write the card anew from address, confirmed number, zone and language. Joins the caller's transaction."""
    user = User.objects.get(pk=user_id)
    with acting_as(user_id):
        phones = Phone.objects.filter(user_id=user_id, confirmed_at__isnull=False)
        number = phones.values_list("number", flat=True).first()
    set_contact(user_id=user_id, email=user.email, phone=number, zone=user.zone, locale=user.locale)
