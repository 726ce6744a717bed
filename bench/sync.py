"""How fast records come from Clio into the mirror: over HTTP from a sandbox process, through the real sync.

Everything is as in production: every column, every index, the tenant wall, tokens, the shared budget, changed keys
returned. Only the sandbox's limit is off and no ledger is built meanwhile. Each round reads all activities into a new
firm; other entities are left out.
"""

import re
import resource
import secrets
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import requests
from django.conf import settings
from django.db import connection
from django.utils import timezone

from apps.accounts.interface import create_firm, register_person
from apps.clio.models import ClioConnection, SyncStep
from apps.clio.services.open_run import open_run
from apps.clio.services.sync_to_end import sync_to_end
from apps.core.encryption import encrypt
from apps.core.tenancy import tenant

ROUNDS = 5
_FIRM = ("--seed", "7", "--timekeepers", "40", "--years", "3")


def run() -> dict[str, dict[str, Any]]:
    """Measure the rounds, each into a firm of its own."""
    with _sandbox(*_FIRM) as host:
        settings.CLIO_US_HOST = host
        rounds = [_one_round(host, number) for number in range(ROUNDS)]
    records = rounds[0][0]
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "sync.records_per_s": {
            "value": round(statistics.median(count / seconds for count, seconds in rounds)),
            "unit": "1/s",
            "n": records,
            "median_of": ROUNDS,
            "detail": f"activities over HTTP, sandbox and database on the same cores; peak memory {peak_mb:.0f} MB",
        }
    }


@contextmanager
def _sandbox(*firm: str) -> Iterator[str]:
    command = [sys.executable, "-m", "apps.clio.sandbox", *firm, "--rate-limit", "0", "--port", "0"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603 - arguments are ours
    try:
        assert process.stdout is not None
        for line in process.stdout:
            found = re.search(r"Clio sandbox at (\S+?):? ", line)
            if found and "ready" in line:
                yield found[1]
                return
        raise RuntimeError("the sandbox did not start")
    finally:
        process.terminate()
        process.wait()


def _one_round(host: str, number: int) -> tuple[int, float]:
    firm_id = _connected_firm(host, number)
    open_run(firm_id=firm_id, full=True, wakes_worker=False)
    with tenant(firm_id):
        SyncStep.objects.filter(firm_id=firm_id).exclude(entity="activities").update(state=SyncStep.State.DONE)
    started = time.perf_counter()
    sync_to_end(firm_id=firm_id)
    seconds = time.perf_counter() - started
    with tenant(firm_id), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM clio_activities")
        count: int = cursor.fetchone()[0]
    expected = requests.get(f"{host}/sandbox/counts", timeout=30).json()["activities"]["count"]
    if count != expected:
        raise RuntimeError(f"{count} of {expected} activities arrived")
    return count, seconds


def _connected_firm(host: str, number: int) -> int:
    email = f"bench-{secrets.token_hex(6)}@example.com"
    owner_id = register_person(email=email, name="Bench", password=secrets.token_urlsafe(24))
    firm_id = create_firm(owner_id=owner_id, name="Bench LLP", time_zone="UTC", currency="USD").firm_id
    granted = requests.post(f"{host}/sandbox/grant", json={}, timeout=30).json()
    with tenant(firm_id):
        ClioConnection.objects.create(
            firm_id=firm_id,
            region="us",
            clio_account_id=-firm_id,  # no account of Clio's has it, and each round needs one of its own
            clio_account_name="Bench",
            clio_user_id=number,
            clio_user_name="Bench",
            access_token=encrypt(granted["access_token"]),
            refresh_token=encrypt(granted["refresh_token"]),
            expires_at=timezone.now() + timedelta(days=1),
        )
    return firm_id
