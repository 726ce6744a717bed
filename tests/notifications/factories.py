"""Promised messages, and looks behind the walls they stand behind."""

from typing import Any

from django.db import connection, transaction

from apps.accounts.models import User
from apps.core.jobs.run import run_job
from apps.core.models import Job
from apps.core.tenancy import acting_as
from apps.notifications.contracts import Channel, DeliveryReference
from apps.notifications.interface import notify, set_contact
from apps.notifications.models import Delivery
from apps.notifications.rules.catalogue import get_kind

NUMBER = "+12125550100"


def promise_welcome(user: User, *, email: str | None = None) -> DeliveryReference:
    """Give a person a contact card and promise them the welcome mail."""
    set_contact(user_id=user.pk, email=email or user.email)
    with transaction.atomic():
        notification_id = notify(recipient=user.pk, kind="accounts.welcome", context={"name": user.name})
    with acting_as(user.pk):
        return DeliveryReference(Delivery.objects.get(notification_id=notification_id).pk, user_id=user.pk)


def promise(user: User, kind: str, *, channel: Channel = Channel.EMAIL, phone: str = NUMBER) -> DeliveryReference:
    """Give a person a contact card with a number and promise them a kind with its sample; return one delivery of it."""
    set_contact(user_id=user.pk, email=user.email, phone=phone)
    with transaction.atomic():
        notification_id = notify(recipient=user.pk, kind=kind, context=get_kind(kind).sample)
    with acting_as(user.pk):
        delivery = Delivery.objects.get(notification_id=notification_id, channel=channel)
        return DeliveryReference(delivery.pk, user_id=user.pk)


def get_delivery(reference: DeliveryReference) -> Delivery:
    """The row as it is now."""
    assert reference.user_id is not None
    with acting_as(reference.user_id):
        return Delivery.objects.get(pk=reference.delivery_id)


def change_delivery(reference: DeliveryReference, **values: Any) -> None:
    """Set columns of the row, to let time pass."""
    assert reference.user_id is not None
    with acting_as(reference.user_id):
        assert Delivery.objects.filter(pk=reference.delivery_id).update(**values) == 1


def run_pending_jobs() -> int:
    """Run every pending job of the platform once, as a worker would; return how many."""
    pending = list(Job.objects.filter(status="pending", firm_id=None).order_by("pk").values_list("pk", flat=True))
    for job_id in pending:
        run_job(job_id=job_id, firm_id=None)
    return len(pending)


def count_rows(table: str) -> int:
    """Rows of a table that the open transaction may see."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        row: tuple[int] = cursor.fetchone()
    return row[0]
