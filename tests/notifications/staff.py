"""Members of staff with rights of the admin, and words they might write."""

from django.contrib.auth.models import Permission
from django.test import Client

from apps.accounts.models import User
from apps.notifications.contracts import Channel
from apps.notifications.services.change_wording import approve_wording, draft_wording
from tests.accounts.entering import enter_admin
from tests.accounts.factories import make_user

KIND = "accounts.welcome"
PARTS = {
    "subject": "Good to have you, {{ name }}",
    "preheader": "Three steps.",
    "reason": "",
    "body": "# Good to have you, {{ name }}\n\nStart here.\n\n[[Open]]({{ public_base_url }}/api/docs)",
}


def make_staff(*rights: str) -> User:
    """A member of staff with rights such as `view_wordingversion`."""
    person = make_user("Sam Staff")
    person.is_staff = True
    person.save(update_fields=["is_staff"])
    wanted = Permission.objects.filter(content_type__app_label="notifications", codename__in=rights)
    assert wanted.count() == len(rights)
    person.user_permissions.set(wanted)
    return person


def admin_client(person: User) -> Client:
    """A browser signed in to the admin."""
    client = Client()
    enter_admin(client, person)
    return client


def put_into_use(staff: User, **parts: str) -> int:
    """Write the welcome mail anew and put it into use; return the version."""
    version = draft_wording(
        kind=KIND, channel=Channel.EMAIL, parts={**PARTS, **parts}, note="friendlier", staff_id=staff.pk
    )
    approve_wording(kind=KIND, channel=Channel.EMAIL, version=version, staff_id=staff.pk)
    return version
