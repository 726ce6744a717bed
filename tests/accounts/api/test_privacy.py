"""A firm's copy of everything, and its end."""

import hashlib
import io
import json
import zipfile
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone

from apps.accounts.models import ErasureProof, FirmErasure, Membership
from apps.accounts.services.erase_firm import erase_firm
from apps.accounts.services.export_firm import expire_firm_export, make_firm_export
from apps.core.errors import FirmErased
from apps.core.jobs.run import run_job
from apps.core.models import AuditEntry, Job
from apps.core.scope import Role
from apps.core.tenancy import tenant
from tests.accounts.entering import browser_of
from tests.accounts.factories import join, make_user, signed_in_client
from tests.accounts.mails import last_told, told

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _storage(settings, tmp_path):
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path / "files")},
        },
    }


def _exports(cast) -> str:
    return f"/api/v1/firms/{cast.firm.public_id}/exports"


def _erasure(cast) -> str:
    return f"/api/v1/firms/{cast.firm.public_id}/erasure"


def _made(cast, api) -> int:
    export_id: int = api(cast.owner).post(_exports(cast)).json()["id"]
    assert make_firm_export(firm_id=cast.firm.firm_id, export_id=export_id, now=timezone.now())
    return export_id


def _lines(archive: zipfile.ZipFile, name: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in archive.read(name).splitlines()]


def test_the_copy_has_the_firms_rows_and_no_other_firms(cast, api):
    export_id = _made(cast, api)

    answer = api(cast.owner).get(f"{_exports(cast)}/{export_id}/file")

    assert answer.status_code == 200
    archive = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    assert [row["name"] for row in _lines(archive, "accounts.firm.jsonl")] == [cast.firm.name]
    assert [row["name"] for row in _lines(archive, "accounts.members.jsonl")] == [
        "Olive Owner",
        "Cole League",
        "Connie Sultant",
    ]
    assert "clio.bill.jsonl" in archive.namelist()
    assert {row["firm_id"] for row in _lines(archive, "core.audit_trail.jsonl")} == {cast.firm.firm_id}


def test_no_secret_is_in_the_copy(cast, api):
    expires_at = (timezone.now() + timedelta(days=1)).isoformat()
    key = {"name": "BI", "scopes": ["firm"], "expires_at": expires_at}
    api(cast.owner).post(f"/api/v1/firms/{cast.firm.public_id}/api-keys", key, format="json")
    export_id = _made(cast, api)

    answer = api(cast.owner).get(f"{_exports(cast)}/{export_id}/file")

    archive = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    text = b"".join(archive.read(name) for name in archive.namelist()).decode()
    assert '"prefix": "sf_test_' in text
    for column in ("secret_hash", "token_hash", "access_token", "refresh_token"):
        assert column not in text


def test_making_it_twice_is_once_and_the_asker_is_told(cast, api):
    export_id = _made(cast, api)

    assert not make_firm_export(firm_id=cast.firm.firm_id, export_id=export_id, now=timezone.now())
    assert told(cast.owner).count("accounts.copy_of_everything_ready") == 1


def test_one_copy_at_a_time(cast, api):
    api(cast.owner).post(_exports(cast))

    answer = api(cast.owner).post(_exports(cast))

    assert (answer.status_code, answer.json()["code"]) == (409, "accounts.export_under_way")


def test_after_its_time_the_copy_is_gone(cast, api):
    export_id = _made(cast, api)
    now = timezone.now() + timedelta(days=8)

    expire_firm_export(firm_id=cast.firm.firm_id, export_id=export_id, now=now)

    answer = api(cast.owner).get(f"{_exports(cast)}/{export_id}/file")
    assert (answer.status_code, answer.json()["code"]) == (404, "accounts.export_not_found")
    assert default_storage.listdir(f"firm-copies/{cast.firm.public_id}")[1] == []


def test_downloads_are_recorded(cast, api):
    export_id = _made(cast, api)

    answer = api(cast.owner).get(f"{_exports(cast)}/{export_id}/file")
    b"".join(answer.streaming_content)

    with tenant(cast.firm.firm_id):
        assert AuditEntry.objects.get(action="accounts.export_downloaded").user_id == cast.owner.pk


def _request(cast, api, name=None):
    return api(cast.owner).post(_erasure(cast), {"firm_name": name or cast.firm.name}, format="json")


def _erasure_id(cast) -> int:
    with tenant(cast.firm.firm_id):
        pk: int = FirmErasure.objects.get(stopped_at__isnull=True).pk
    return pk


def test_everybody_who_administers_is_told_and_an_owner_stops_it(cast, api):
    admin = make_user()
    join(admin, cast.firm, role=Role.ADMIN)

    asked = _request(cast, api)
    assert asked.status_code == 202
    assert api(admin).get(_erasure(cast)).json()["erase_at"] == asked.json()["erase_at"]
    erasure_id = _erasure_id(cast)
    assert api(cast.owner).delete(_erasure(cast)).status_code == 204

    later = timezone.now() + timedelta(days=15)
    assert erase_firm(firm_id=cast.firm.firm_id, erasure_id=erasure_id, now=later) is None
    assert api(cast.owner).get(_erasure(cast)).json()["code"] == "accounts.no_erasure"
    assert {"accounts.firm_erasure_scheduled", "accounts.firm_erasure_stopped"} <= set(told(admin))


def test_it_waits_for_its_day(cast, api):
    with time_machine.travel("2030-01-01T00:00:00Z", tick=False):
        _request(cast, api)
        with tenant(cast.firm.firm_id):
            job = Job.objects.get(name="accounts.erase_firm")

        early = job.available_at - timedelta(seconds=1)

        assert (job.available_at - timezone.now()).days == 14
        assert erase_firm(firm_id=cast.firm.firm_id, erasure_id=_erasure_id(cast), now=early) is None
        assert api(cast.owner).get(f"/api/v1/firms/{cast.firm.public_id}").status_code == 200


def test_nothing_of_the_firm_is_left_but_the_trail_and_the_proof(cast, api, django_capture_on_commit_callbacks):
    _made(cast, api)
    _request(cast, api)

    later = timezone.now() + timedelta(days=15)
    with django_capture_on_commit_callbacks(execute=True):
        proof = erase_firm(firm_id=cast.firm.firm_id, erasure_id=_erasure_id(cast), now=later)

    assert proof is not None
    left = _rows_left(cast.firm.firm_id)
    assert set(left) == {"core_auditentry", "core_erasedfirm"}
    assert default_storage.listdir(f"firm-copies/{cast.firm.public_id}")[1] == []
    assert proof.removed["accounts.firm"] == 1
    assert ErasureProof.objects.get().firm_public_id == cast.firm.public_id
    words = last_told(cast.owner, "accounts.firm_erased")
    assert (words["firm"], words["proof"]) == (cast.firm.name, f"ERA-{proof.public_id}")
    assert api(cast.owner).get("/api/v1/firms").json() == []
    assert api(cast.owner).get(f"/api/v1/firms/{cast.firm.public_id}").status_code == 404


def test_other_firms_and_their_people_stay(cast, api):
    _request(cast, api)

    erase_firm(firm_id=cast.firm.firm_id, erasure_id=_erasure_id(cast), now=timezone.now() + timedelta(days=15))

    assert api(cast.stranger).get(f"/api/v1/firms/{cast.strangers_firm.public_id}").status_code == 200
    with tenant(cast.strangers_firm.firm_id):
        assert Membership.objects.count() == 2


def test_erasing_twice_is_once(cast, api):
    _request(cast, api)
    erasure_id, later = _erasure_id(cast), timezone.now() + timedelta(days=15)
    erase_firm(firm_id=cast.firm.firm_id, erasure_id=erasure_id, now=later)

    assert erase_firm(firm_id=cast.firm.firm_id, erasure_id=erasure_id, now=later) is None
    assert told(cast.owner).count("accounts.firm_erased") == 1


def test_the_job_carries_it_out_and_ends_with_the_firms_other_jobs(cast, api):
    with time_machine.travel("2030-01-01T00:00:00Z", tick=False) as clock:
        _request(cast, api)
        with tenant(cast.firm.firm_id):
            job_id = Job.objects.get(name="accounts.erase_firm").pk
            # A lease is taken by the database's clock, which does not travel.
            Job.objects.filter(pk=job_id).update(available_at=datetime(2000, 1, 1, tzinfo=UTC))
        clock.shift(timedelta(days=14))

        run_job(job_id=job_id, firm_id=cast.firm.firm_id)

    assert "accounts.firm_erased" in told(cast.owner)
    assert set(_rows_left(cast.firm.firm_id)) == {"core_auditentry", "core_erasedfirm"}


@pytest.mark.parametrize("name", ["Other & Sons", " "])
def test_the_name_is_typed_again(cast, api, name):
    answer = _request(cast, api, name)

    assert answer.status_code == 400
    assert [fault["pointer"] for fault in answer.json()["errors"]] == ["/firm_name"]
    assert api(cast.owner).get(_erasure(cast)).status_code == 404


def test_neither_is_had_without_the_second_factor_anew(cast):
    client = signed_in_client(cast.owner, second_factor=False)

    assert client.post(_exports(cast)).status_code == 403
    assert client.post(_erasure(cast), {"firm_name": cast.firm.name}, format="json").status_code == 403


def test_the_proof_is_read_by_who_asked_although_the_firm_is_gone(cast, api):
    _request(cast, api)
    later = timezone.now() + timedelta(days=15)
    proof = erase_firm(firm_id=cast.firm.firm_id, erasure_id=_erasure_id(cast), now=later)
    assert proof is not None

    shown = api(cast.owner).get(f"/api/v1/erasures/{proof.public_id}").json()
    page = browser_of(cast.owner).get(f"/erasures/{proof.public_id}")

    assert shown["reference"] == f"ERA-{proof.public_id}"
    assert shown["firm"] == str(cast.firm.public_id)
    assert shown["records"] == sum(shown["removed"].values()) > 5
    assert hashlib.sha256(shown["text"].encode()).hexdigest() == shown["digest"]
    assert json.loads(shown["text"])["removed"] == shown["removed"]
    assert [each["id"] for each in api(cast.owner).get("/api/v1/erasures").json()] == [shown["id"]]
    assert page.status_code == 200
    assert shown["digest"] in page.content.decode()
    address = last_told(cast.owner, "accounts.firm_erased")["address"]
    assert address.endswith(f"/erasures/{proof.public_id}")


@pytest.mark.parametrize("who", ["stranger", "colleague", "consultant"])
def test_a_proof_is_nobody_elses(cast, api, who):
    _request(cast, api)
    later = timezone.now() + timedelta(days=15)
    proof = erase_firm(firm_id=cast.firm.firm_id, erasure_id=_erasure_id(cast), now=later)
    assert proof is not None
    person = getattr(cast, who)

    assert api(person).get(f"/api/v1/erasures/{proof.public_id}").json()["code"] == "accounts.proof_not_found"
    assert api(person).get("/api/v1/erasures").json() == []
    assert browser_of(person).get(f"/erasures/{proof.public_id}").status_code == 404


def test_nothing_is_written_for_a_firm_that_was_erased(cast, api):
    _request(cast, api)
    erase_firm(firm_id=cast.firm.firm_id, erasure_id=_erasure_id(cast), now=timezone.now() + timedelta(days=15))

    with pytest.raises(FirmErased), tenant(cast.firm.firm_id):
        pytest.fail("was let in")
    run_job(job_id=1, firm_id=cast.firm.firm_id)


def _rows_left(firm_id: int) -> dict[str, int]:
    """Every table with a firm, counted inside the firm's wall."""
    columns = """
        SELECT relname FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid AND attname = 'firm_id'
        WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
    """
    counts = {}
    with tenant(firm_id, read_only=True), connection.cursor() as cursor:
        cursor.execute(columns)
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT count(*) FROM "{table}" WHERE firm_id = %s', [firm_id])
            counts[table] = cursor.fetchone()[0]
    return {table: number for table, number in counts.items() if number}
