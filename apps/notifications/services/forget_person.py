"""Remove what is kept about a person who is gone: their messages, choices and contact card."""

from apps.notifications.models import (
    ContactCard,
    Delivery,
    DigestSchedule,
    Notification,
    Preference,
    ProviderEvent,
    QuietHours,
)

_OF_A_PERSON = (ContactCard, DigestSchedule, QuietHours, Preference)


def forget_contact(*, user_id: int) -> None:
    """Remove the contact card: from now on nothing of the person's goes anywhere but to an address named for it.

    Call it inside the person's transaction.
    """
    ContactCard.objects.filter(user_id=user_id).delete()


def forget_person(user_id: int, at_most: int) -> int:
    """Remove up to `at_most` messages, with their deliveries and the vendors' reports, and at last the rest.

    Returns how many rows went. Call it inside the person's transaction, until it returns 0.
    """
    said = list(Notification.objects.filter(user_id=user_id).order_by("pk").values_list("pk", flat=True)[:at_most])
    removed = ProviderEvent.objects.filter(delivery__notification_id__in=said).delete()[0]
    Delivery.objects.filter(gathered_in_id__in=said).update(gathered_in=None)
    removed += Delivery.objects.filter(notification_id__in=said).delete()[0]
    removed += Notification.objects.filter(pk__in=said).delete()[0]
    if len(said) < at_most:
        removed += sum(model.objects.filter(user_id=user_id).delete()[0] for model in _OF_A_PERSON)
    return removed
