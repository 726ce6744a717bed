"""What a stored password costs whoever steals the table, and that the cost can be raised."""

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from rest_framework.test import APIClient

from tests.accounts.factories import PASSWORD, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("production_hasher")]


class _Cheap(Argon2PasswordHasher):
    """An older way to hash: the same algorithm with less of everything."""

    time_cost, memory_cost, parallelism = 1, 1024, 1


def test_a_hash_is_argon2id_with_46_mib_and_two_passes():
    person = make_user()

    person.set_password(PASSWORD)

    algorithm, variant, version, costs = person.password.split("$")[:4]
    assert (algorithm, variant, version) == ("argon2", "argon2id", "v=19")
    assert costs == "m=47104,t=2,p=1"


def test_an_older_hash_is_renewed_at_the_next_sign_in():
    person = make_user()
    person.password = _Cheap().encode(PASSWORD, "salt-of-sixteen-")
    person.save(update_fields=["password"])

    words = {"email": person.email, "password": PASSWORD}
    answer = APIClient().post("/api/v1/auth/login", words, format="json")

    person.refresh_from_db()
    assert answer.status_code == 200
    assert "m=47104,t=2,p=1" in person.password
    assert person.check_password(PASSWORD)
