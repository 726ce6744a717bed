"""How fast records come from Clio into the mirror: over HTTP from a sandbox process, through the real sync.

Everything is as in production: every column, every index, the tenant wall, tokens, the shared budget, changed keys
returned. Only the sandbox's limit is off (but for `sync.limit_efficiency`) and no ledger is built meanwhile. Each round
reads all activities into a new firm; other entities are left out. The rival reads the same records from the same server
into the same database (`sync_dlt.py`).
"""

import math
import os
import re
import resource
import secrets
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import requests
from django.conf import settings
from django.db import connection, connections
from django.utils import timezone

from apps.accounts.interface import create_firm, register_person
from apps.clio.models import ClioConnection, SyncStep
from apps.clio.services.open_run import open_run
from apps.clio.services.sync_to_end import sync_to_end
from apps.core.database_owner import owner_connection
from apps.core.encryption import encrypt
from apps.core.tenancy import tenant

ROUNDS = 5
_FIRM = ("--seed", "7", "--timekeepers", "40", "--years", "3")
# 48,222 and 1,002,653 activities.
_SMALL, _LARGE = (
    ("--seed", "7", "--timekeepers", "17", "--years", "3"),
    ("--seed", "7", "--timekeepers", "107", "--years", "10"),
)
_LIMIT, _WINDOWS = 200, 2
_DLT = Path(__file__).resolve().parents[1] / "var" / "bench-dlt"


@dataclass(frozen=True, slots=True)
class _Round:
    """One reading of all activities: how many, how long, and the seconds in network, parsing and database."""

    records: int
    seconds: float
    asked: float
    parsed: float
    wrote: float


def run() -> dict[str, dict[str, Any]]:
    """Measure everything about the sync."""
    with _sandbox(*_FIRM) as host:
        settings.CLIO_US_HOST = host
        rounds = [_one_round(host, number) for number in range(ROUNDS)]
        figures = {"sync.records_per_s": _rate(rounds)}
        if rival := _rival(host):
            figures["sync.vs_dlt"] = _versus(rounds, rival)
    return figures | _growth() | _limit_efficiency()


def _rate(rounds: list[_Round]) -> dict[str, Any]:
    middle = sorted(rounds, key=lambda each: each.records / each.seconds)[len(rounds) // 2]
    shares = ", ".join(
        f"{name} {share / middle.seconds:.0%}"
        for name, share in (("network", middle.asked), ("parsing", middle.parsed), ("database", middle.wrote))
    )
    return {
        "value": round(statistics.median(each.records / each.seconds for each in rounds)),
        "unit": "1/s",
        "n": rounds[0].records,
        "median_of": len(rounds),
        "detail": f"activities over HTTP, sandbox and database on the same cores; overlapping shares of time: {shares}",
    }


def _versus(rounds: list[_Round], rival: tuple[int, float]) -> dict[str, Any]:
    ours = statistics.median(each.records / each.seconds for each in rounds)
    count, seconds = rival
    return {
        "value": round(ours / (count / seconds), 2),
        "unit": "ratio",
        "n": count,
        "median_of": 1,
        "detail": f"dlt merge: {count / seconds:,.0f} records a second (bench/sync_dlt.py)",
    }


def _growth() -> dict[str, dict[str, Any]]:
    """Read the small firm and the large one in a fresh process on this bench's database, whose peak memory counts."""
    with _sandbox(*_SMALL) as small_host, _sandbox(*_LARGE) as large_host:
        known = {"CLIO_US_HOST": large_host, "DATABASE_URL": _address(), "REDIS_URL": settings.REDIS_URL}
        command = [sys.executable, "-m", "bench.sync_round", small_host, large_host]
        done = subprocess.run(command, env={**os.environ, **known}, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    growth, small_rate, count, large_rate, peak_mb = (float(each) for each in done.stdout.split()[-5:])
    detail = f"small firm {small_rate:,.0f} records a second, before and after the large one's {large_rate:,.0f}"
    common = {"n": int(count), "median_of": 1}
    return {
        "sync.growth": {"value": round(growth, 3), "unit": "ratio", "detail": detail, **common},
        "sync.peak_mb": {"value": round(peak_mb), "unit": "MB", "detail": "the worker's whole process", **common},
    }


def _limit_efficiency() -> dict[str, dict[str, Any]]:
    """Count the pages that come in whole windows of Clio's while the limit binds."""
    with _sandbox(*_FIRM, limit=_LIMIT) as host:
        settings.CLIO_US_HOST = host
        firm_id = _connected_firm(host, 0)
        open_run(firm_id=firm_id, full=True, wakes_worker=False)
        time.sleep(60 - time.time() % 60)
        worker = threading.Thread(target=_work, args=(firm_id,), daemon=True)
        worker.start()
        time.sleep(60 * _WINDOWS - 1)
        with tenant(firm_id, read_only=True):
            pages = sum(SyncStep.objects.filter(firm_id=firm_id).values_list("pages", flat=True))
        requests.post(f"{host}/sandbox/rate-limit", json={"limit": 0}, timeout=30)
        worker.join()  # it waits for the window's end, and then for nothing
    value = pages / (_LIMIT * _WINDOWS)
    detail = f"{pages} pages in {_WINDOWS} windows of {_LIMIT} requests"
    return {
        "sync.limit_efficiency": {
            "value": round(value, 3),
            "unit": "ratio",
            "n": pages,
            "median_of": 1,
            "detail": detail,
        }
    }


def _work(firm_id: int) -> None:
    try:
        sync_to_end(firm_id=firm_id)
    finally:
        connections.close_all()


def _rival(host: str) -> tuple[int, float] | None:
    """Let dlt read the same records; None where it is not installed (`make bench` does that)."""
    python = _DLT / "bin" / "python"
    if not python.exists():
        return None
    granted = requests.post(f"{host}/sandbox/grant", json={}, timeout=30).json()
    script = str(Path(__file__).with_name("sync_dlt.py"))
    with owner_connection():  # it makes tables of its own, and insists on a host and a password
        address = _address().replace("@/", ":unused@localhost/")
    environment = {**os.environ, "RIVAL_TOKEN": granted["access_token"], "RIVAL_DATABASE": address}
    command = [str(python), "-I", script, host]  # without this folder on its path: it has a `numbers` of its own
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    count, seconds = done.stdout.split()[-2:]
    return int(count), float(seconds)


def _address() -> str:
    database = connection.settings_dict
    return f"postgresql://{database['USER']}@/{database['NAME']}?host={database['HOST']}"


@contextmanager
def _sandbox(*firm: str, limit: int = 0) -> Iterator[str]:
    command = [sys.executable, "-m", "apps.clio.sandbox", *firm, "--rate-limit", str(limit), "--port", "0"]
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


def _one_round(host: str, number: int) -> _Round:
    firm_id = _connected_firm(host, number)
    open_run(firm_id=firm_id, full=False, entities=["activities"], wakes_worker=False)
    started = time.perf_counter()
    sync_to_end(firm_id=firm_id)
    seconds = time.perf_counter() - started
    with tenant(firm_id), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM clio_activities")
        count: int = cursor.fetchone()[0]
        step = SyncStep.objects.get(firm_id=firm_id)
    expected = requests.get(f"{host}/sandbox/counts", timeout=30).json()["activities"]["count"]
    if count != expected:
        raise RuntimeError(f"{count} of {expected} activities arrived")
    return _Round(count, seconds, step.asked_ms / 1000, step.parsed_ms / 1000, step.wrote_ms / 1000)


def print_growth(small_host: str, large_host: str) -> None:
    """Read all activities of two firms; print what one bears to the other, both rates, and peak memory in MB.

    Of cost per record the larger firm's to the smaller's. The small firm is read before and after the large one: what
    else the machine does meanwhile slows down both.
    """
    before = [_round_at(small_host, number) for number in range(ROUNDS)]
    large = _round_at(large_host, ROUNDS)
    after = [_round_at(small_host, ROUNDS + 1 + number) for number in range(ROUNDS)]
    small_rate = statistics.median(each.records / each.seconds for each in before[1:] + after)
    large_rate = large.records / large.seconds
    peak_mb = math.ceil(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    print(small_rate / large_rate, small_rate, large.records, large_rate, peak_mb)  # noqa: T201 - read by the bench


def _round_at(host: str, number: int) -> _Round:
    settings.CLIO_US_HOST = host
    return _one_round(host, number)


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
