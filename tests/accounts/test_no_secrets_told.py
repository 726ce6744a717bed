"""Walk every way in and look for secrets where people and machines read: log lines, answers, the trail, mails."""

import json
import logging
import re
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.core import mail as outgoing

from apps.accounts.models import User
from apps.core.jobs.run import run_job
from apps.core.models import AuditEntry, Job
from apps.core.tenancy import acting_as
from tests.accounts.entering import add_app, app_code, bearer, log_in, refresh
from tests.accounts.factories import AGREED, PASSWORD
from tests.accounts.mail import mailed_token, promised, run_accounts_jobs, texted_code

pytestmark = pytest.mark.django_db
_NEW = "a kettle of blue herons"
_EMAIL, _OTHER = "Rita.Moreno@example.com", "rita@moreno.example"


@pytest.fixture
def told() -> Iterator[list[str]]:
    """Everything written to the logs, through the production's own formatter."""
    lines: list[str] = []
    formatter_factory = settings.LOGGING["formatters"]["lines"].copy()
    factory = formatter_factory.pop("()")
    formatter = factory(**formatter_factory)

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(formatter.format(record))

    handler = Keep(level=logging.DEBUG)
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield lines
    root.removeHandler(handler)
    root.setLevel(before)


def _run_all_jobs() -> None:
    for _ in range(3):
        for job_id in list(
            Job.objects.filter(status="pending", firm_id=None).order_by("pk").values_list("pk", flat=True)
        ):
            run_job(job_id=job_id, firm_id=None)


def _walk(client) -> dict[str, str]:
    """Register, confirm, sign in, fail, add factors, refresh, forget, reset; return every secret met on the way."""
    secrets = {"password": PASSWORD, "new password": _NEW, "wrong password": "wrong wrong wrong"}
    body = {"email": _EMAIL, "name": "Rita Moreno", "password": PASSWORD, "agreed": AGREED}
    client.post("/api/v1/auth/register", body, format="json")
    run_accounts_jobs()
    rita = User.objects.get()
    secrets["link to verify"] = mailed_token(rita, "accounts.email_verification")
    client.post("/api/v1/auth/verify-email", {"token": secrets["link to verify"]}, format="json")
    log_in(client, password="wrong wrong wrong")
    pair = log_in(client).json()
    secrets |= {"access": pair["access"], "refresh": pair["refresh"]}
    secrets["second refresh"] = refresh(client, pair["refresh"]).json()["refresh"]
    refresh(client, pair["refresh"])
    secrets |= {f"recovery code {at}": code for at, code in enumerate(add_app(rita))}
    phone = {"phone": "+12124567890"}
    steady = bearer(pair["access"])
    steady.post("/api/v1/auth/step-up", {"method": "recovery", "code": secrets["recovery code 0"]}, format="json")
    assert steady.post("/api/v1/me/second-factor/sms", phone, format="json").status_code == 202
    secrets["phone code"] = texted_code(rita, "accounts.phone_code")
    steady.post("/api/v1/me/second-factor/sms/confirm", {"code": secrets["phone code"]}, format="json")
    secrets["pending"] = log_in(client).json()["pending"]
    client.post("/api/v1/auth/second-step/code", {"pending": secrets["pending"]}, format="json")
    secrets["sign-in code"] = texted_code(rita)
    secrets["app code"] = app_code(rita, steps_ahead=1)
    finished = {"pending": secrets["pending"], "method": "app", "code": secrets["app code"], "trust_device": True}
    secrets["device"] = client.post("/api/v1/auth/second-step", finished, format="json").json()["device_token"]
    assert steady.post("/api/v1/me/email", {"email": _OTHER}, format="json").status_code == 202
    pending = {"pending": secrets["pending"]}
    assert client.post("/api/v1/auth/second-step/lost", pending, format="json").status_code == 202
    run_accounts_jobs()
    secrets["link to the old address"] = mailed_token(rita, "accounts.email_change_requested")
    secrets["link to the new address"] = mailed_token(rita, "accounts.email_change_confirm")
    secrets["link that stops"] = mailed_token(rita, "accounts.factor_reset_requested")
    stops = promised(rita, "accounts.email_change_requested")[-1]["stop_address"]
    secrets["link that stops the change"] = stops.rpartition("/")[2]
    client.post("/api/v1/auth/password/forgot", {"email": _EMAIL}, format="json")
    run_accounts_jobs()
    secrets["link to reset"] = mailed_token(rita, "accounts.password_reset")
    reset = {"token": secrets["link to reset"], "password": _NEW}
    assert client.post("/api/v1/auth/password/reset", reset, format="json").status_code == 204
    return secrets


def test_no_secret_is_in_a_log_line_the_trail_or_a_job(api, told):
    secrets = _walk(api(None))
    _run_all_jobs()
    with acting_as(User.objects.get().pk):
        trail = json.dumps(list(AuditEntry.objects.values("action", "target", "details")), default=str)
    jobs = json.dumps(list(Job.objects.values("arguments", "last_error", "dedupe_key")), default=str)
    logs = "\n".join(told)

    assert "core.request_refused" in logs
    assert "accounts.signed_in" in trail
    found = {
        (what, where)
        for what, secret in secrets.items()
        for where, text in (("logs", logs), ("trail", trail), ("jobs", jobs))
        if re.search(rf"(?<![\w.]){re.escape(secret)}(?![\w.])", text)
    }
    assert found == set()
    assert _EMAIL.lower() not in logs.lower()
    assert _OTHER not in logs + trail + jobs
    assert "Rita Moreno" not in logs


def _is_told(secret, text):
    """A code of six digits may be part of a boundary's nineteen or of a Message-Id by chance."""
    return re.search(rf"(?<!\d){secret}(?!\d)", text) is not None if secret.isdigit() else secret in text


def _parts(sent):
    return [part for part in sent.message().walk() if not part.is_multipart()]


def test_a_mail_holds_no_secret_but_its_own_link(api, mailoutbox):
    secrets = _walk(api(None))
    _run_all_jobs()

    assert len(mailoutbox) >= 5
    assert outgoing.outbox is mailoutbox
    for sent in mailoutbox:
        text = sent.message().as_string() + "".join(str(part.get_payload(decode=True)) for part in _parts(sent))
        inside = {what for what, secret in secrets.items() if _is_told(secret, text)}
        allowed = {
            "Confirm your email address": {"link to verify"},
            "Reset your password": {"link to reset"},
            "Your email address is about to change": {"link to the old address", "link that stops the change"},
            "Confirm your new email address": {"link to the new address"},
            "Your second step will be reset": {"link that stops"},
        }.get(str(sent.subject), set())
        assert inside <= allowed, sent.subject
