"""A message is promised with the caller's fact, or not at all."""

from contextlib import suppress

import pytest
from django.db import transaction

from apps.core.models import Job
from apps.core.tenancy import WrongTenant, acting_as, tenant
from apps.notifications.interface import ContextDoesNotFit, OutsideAddress, UnknownKind, notify
from apps.notifications.models import Delivery, Notification
from tests.accounts.factories import make_user
from tests.notifications.factories import count_rows

KIND = "accounts.welcome"


@pytest.mark.django_db
class TestNotify:
    def test_writes_the_message_one_delivery_and_one_wake_up(self):
        ada = make_user()

        with transaction.atomic():
            notification_id = notify(recipient=ada.pk, kind=KIND, context={"name": "Ada"})

        with acting_as(ada.pk):
            notification = Notification.objects.get()
            delivery = Delivery.objects.get()
        job = Job.objects.get(name="notifications.deliver")
        assert (notification.pk, notification.kind, notification.firm_id) == (notification_id, KIND, None)
        assert (delivery.channel, delivery.status, delivery.attempts) == ("email", "pending", 0)
        assert job.arguments == {"delivery_id": delivery.pk, "user_id": ada.pk}

    def test_keeps_the_context_unreadable(self):
        ada = make_user()

        with transaction.atomic():
            notify(recipient=ada.pk, kind=KIND, context={"name": "Ada Lovelace"})

        with acting_as(ada.pk):
            assert "Ada" not in Notification.objects.get().sealed_context

    def test_is_rolled_back_with_the_caller(self):
        ada = make_user()

        with suppress(ZeroDivisionError), transaction.atomic():
            notify(recipient=ada.pk, kind=KIND, context={"name": "Ada"})
            _ = 1 / 0

        with acting_as(ada.pk):
            assert (Notification.objects.count(), Delivery.objects.count(), Job.objects.count()) == (0, 0, 0)

    @pytest.mark.parametrize(
        ("kind", "context", "error"),
        [("accounts.farewell", {"name": "Ada"}, UnknownKind), (KIND, {}, ContextDoesNotFit)],
    )
    def test_refuses_what_could_not_be_written(self, kind, context, error):
        ada = make_user()

        with pytest.raises(error), transaction.atomic():
            notify(recipient=ada.pk, kind=kind, context=context)

        with acting_as(ada.pk):
            assert (Notification.objects.count(), Job.objects.count()) == (0, 0)

    def test_leaves_the_callers_firm_open(self, cast):
        with tenant(cast.firm.firm_id):
            notify(recipient=cast.owner.pk, kind=KIND, context={"name": "Olive"}, firm_id=cast.firm.firm_id)

            assert count_rows("accounts_membership") == 3

    def test_is_seen_by_its_person_and_its_firm_and_nobody_else(self, cast):
        with tenant(cast.firm.firm_id):
            notify(recipient=cast.owner.pk, kind=KIND, context={"name": "Olive"}, firm_id=cast.firm.firm_id)

        seen = {}
        for who in (cast.owner, cast.colleague):
            with acting_as(who.pk):
                seen[who.name] = count_rows("notifications_delivery"), count_rows("notifications_notification")
        for firm in (cast.firm, cast.strangers_firm):
            with tenant(firm.firm_id):
                seen[firm.name] = count_rows("notifications_delivery"), count_rows("notifications_notification")
        seen["nobody"] = count_rows("notifications_delivery"), count_rows("notifications_notification")
        assert seen == {
            "Olive Owner": (1, 1),
            "Cole League": (0, 0),
            "Ash & Birch LLP": (1, 1),
            "Other & Sons": (0, 0),
            "nobody": (0, 0),
        }

    def test_refuses_another_firm_than_the_one_that_is_open(self, cast):
        with pytest.raises(WrongTenant), tenant(cast.firm.firm_id):
            notify(recipient=cast.owner.pk, kind=KIND, context={"name": "O"}, firm_id=cast.strangers_firm.firm_id)

    def test_writes_to_an_outside_address_only_for_the_open_firm(self, cast):
        outside = OutsideAddress("auditor@example.net")

        with pytest.raises(WrongTenant), transaction.atomic():
            notify(recipient=outside, kind=KIND, context={"name": "A"}, firm_id=cast.firm.firm_id)
        with tenant(cast.firm.firm_id):
            notify(recipient=outside, kind=KIND, context={"name": "A"}, firm_id=cast.firm.firm_id)
            job = Job.objects.get(name="notifications.deliver")

            assert Notification.objects.get().outside_email == "auditor@example.net"
            assert job.firm_id == cast.firm.firm_id


@pytest.mark.django_db(transaction=True)
def test_refuses_without_the_callers_transaction():
    ada = make_user()

    with pytest.raises(RuntimeError, match="belongs inside the transaction"):
        notify(recipient=ada.pk, kind=KIND, context={"name": "Ada"})

    with acting_as(ada.pk):
        assert Notification.objects.count() == 0
