"""Connected firms, and reads of a mirror that share no code with what wrote it."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone

from apps.accounts.contracts import FirmProfile
from apps.clio.models import ClioConnection
from apps.clio.services.open_run import open_run
from apps.clio.services.sync_firm import sync_firm
from apps.core.encryption import encrypt
from apps.core.tenancy import tenant
from tests.clio.contract import CONTRACT
from tests.clio.sandbox.server import FIELDS, RunningSandbox

ROOT = Path(__file__).resolve().parents[2]


def connect(firm: FirmProfile, clio: RunningSandbox, *, account_id: int | None = None) -> Any:
    """Connect a firm with a grant the sandbox gives without its page; return the grant."""
    granted = clio.control("grant")
    with tenant(firm.firm_id):
        ClioConnection.objects.create(
            firm_id=firm.firm_id,
            region="us",
            clio_account_id=account_id or 1,
            clio_account_name="Account",
            clio_user_id=1,
            clio_user_name="Owner",
            access_token=encrypt(granted["access_token"]),
            refresh_token=encrypt(granted["refresh_token"]),
            expires_at=timezone.now() + timedelta(days=30),
        )
    return granted


def start(firm: FirmProfile, *, full: bool = False) -> None:
    """Open a run."""
    open_run(firm_id=firm.firm_id, full=full)


def sync(firm: FirmProfile, *, full: bool = False, slices: int = 20) -> int:
    """Open a run and work on it to its end without waiting between slices; return how many slices it took."""
    start(firm, full=full)
    for number in range(1, slices + 1):
        if sync_firm(firm_id=firm.firm_id) is None:
            return number
    raise AssertionError(f"the sync did not end within {slices} slices")


def fetch(firm: FirmProfile, query: str, *values: Any) -> Any:
    """Return the rows of a query inside the firm."""
    with tenant(firm.firm_id, read_only=True), connection.cursor() as cursor:
        cursor.execute(query, values)
        return cursor.fetchall()


def one(firm: FirmProfile, query: str, *values: Any) -> Any:
    """Return the only value of a query inside the firm."""
    ((value,),) = fetch(firm, query, *values)
    return value


def mirrored(firm: FirmProfile, entity: str) -> dict[int, dict[str, Any]]:
    """Return every row of a mirrored entity by Clio's id."""
    with tenant(firm.firm_id, read_only=True), connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM clio_{entity}")
        names = [column.name for column in cursor.description]
        return {row["clio_id"]: row for row in (dict(zip(names, values, strict=True)) for values in cursor)}


# Where a table is not named as its list is; the one that holds ids only is compared by `written_off` of the entries.
ENDPOINTS = {"billing_settings": "settings/billing", "online_payments": "clio_payments/payments"}
WRITTEN_OFF = "written_off_activities"


def sandbox_records(clio: RunningSandbox, entity: str) -> dict[int, dict[str, Any]]:
    """Return every record the sandbox has of an entity, with decimals for amounts, by id."""
    endpoint = ENDPOINTS.get(entity, "activities" if entity == WRITTEN_OFF else entity)
    known = {each["name"] for each in CONTRACT["paths"][f"/{endpoint}.json"]["get"]["parameters"]}
    order = "order=id(asc)&" if "order" in known else ""
    only = "status=written_off&" if entity == WRITTEN_OFF else ""
    address: str | None = f"{endpoint}.json?{order}{only}fields={_fields(entity)}"
    records: list[dict[str, Any]] = []
    while address:
        reply = clio.get(address)
        content = json.loads(reply.body, parse_float=Decimal)
        records += content["data"] if isinstance(content["data"], list) else [content["data"]]
        address = content.get("meta", {}).get("paging", {}).get("next")
    return {record["id"]: record for record in records}


def _fields(entity: str) -> str:
    return "id,etag" if entity == WRITTEN_OFF else FIELDS[ENDPOINTS.get(entity, entity)]


def differences(firm: FirmProfile, clio: RunningSandbox, entity: str) -> list[str]:
    """Return in words what differs between an entity's mirror and the sandbox, field by field."""
    rows, records = mirrored(firm, entity), sandbox_records(clio, entity)
    found = [f"only in one: {number}" for number in rows.keys() ^ records.keys()]
    places = list(_places(entity, next(iter(rows.values()), {})))
    for number in rows.keys() & records.keys():
        for column, name, inner in places:
            sent = records[number][name]
            sent = sent if inner is None or sent is None else sent[inner]
            if not _same(rows[number][column], sent):
                found.append(f"{number}.{column}: {rows[number][column]!r} is not {sent!r}")
    return found


def _places(entity: str, row: dict[str, Any]) -> Iterator[tuple[str, str, str | None]]:
    """Yield column, field and inner field for everything section 15 asks for."""
    for name, inner in re.findall(r"(\w+)(?:\{([^}]*)\})?", _fields(entity)):
        if name == "id":
            continue
        if not inner or name in row:
            yield name, name, None
        else:
            # An id that is told flat as well has a column of its own for each form.
            flat = {field.split("{")[0] for field in re.split(r",(?![^{]*})", _fields(entity))}
            for part in inner.split(","):
                yield (f"{name}_record_{part}" if f"{name}_{part}" in flat else f"{name}_{part}"), name, part


def _same(stored: object, sent: object) -> bool:
    if stored is None or sent is None:
        return stored is sent
    if isinstance(stored, datetime):
        return isinstance(sent, str) and stored == datetime.fromisoformat(sent)
    if isinstance(stored, date):
        return sent == stored.isoformat()
    if isinstance(stored, str) and isinstance(sent, list | dict):
        return bool(json.loads(stored, parse_float=Decimal) == sent)
    if isinstance(stored, Decimal):
        return isinstance(sent, int | Decimal) and stored == sent
    if isinstance(stored, str) and isinstance(sent, int):
        return stored == str(sent)
    return bool(stored == sent)


def worker_process(code: str, **environment: str) -> "subprocess.Popen[str]":
    """Start a process of its own with Django set up on this test's database, and run a piece of Python in it."""
    database = connection.settings_dict
    known = {
        "DJANGO_SETTINGS_MODULE": "smarterfirms.settings",
        "APP_ENV": "test",
        "LOG_LEVEL": "ERROR",
        "VAR_DIR": str(settings.VAR_DIR),
        "DATABASE_URL": f"postgresql://{database['USER']}@/{database['NAME']}?host={database['HOST']}",
        "REDIS_URL": settings.REDIS_URL,
        "CLIO_US_HOST": settings.CLIO_US_HOST,
        "CLIO_REQUESTS_PER_MINUTE": "1000000",
    }
    script = f"import django; django.setup()\n{code}"
    return subprocess.Popen(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env={**os.environ, **known, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
