"""A small Twilio Verify: it makes codes, keeps verifications and their tries, expires them, and holds to the contract.

Requests and answers: tests/contracts/twilio.verify_v2.json. Errors: Twilio's error pages 60200 to 60605 and its page on
limits and time-outs (five sends and five checks a verification, ten minutes), read November 2026.
"""

import base64
import json
import re
import secrets
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils import timezone

from tests.fakes.openapi import find_faults, find_form_faults
from tests.fakes.twilio import ACCOUNT, TOKEN
from tests.fakes.vendor import Form, Vendor, VendorHandler, serving

SERVICE = "VA" + "0123456789abcdef" * 2
_CONTRACT = json.loads((Path(__file__).parents[1] / "contracts" / "twilio.verify_v2.json").read_text())
_BASE = "/v2/Services/{ServiceSid}"
_LASTS_SECONDS, _MOST = 600, 5


@dataclass
class Verification:
    """One number being verified."""

    sid: str
    to: str
    code: str
    expires_at: float
    ip: str
    status: str = "pending"
    sends: int = 1
    checks: int = 0

    @property
    def is_open(self) -> bool:
        return self.status == "pending" and self.expires_at > timezone.now().timestamp()


class TwilioVerify(Vendor):
    """The server; `verifications` in the order they were begun, `texts` the messages sent as (number, code).

    `refusals` answers a number with an error code: 60410 is blocked for fraud, 60605 a country, 60205 a landline.
    `violations` of the contract should be none.
    """

    def __init__(self) -> None:
        super().__init__(VendorHandler)
        self.verifications: list[Verification] = []
        self.texts: list[tuple[str, str]] = []
        self.refusals: dict[str, int] = {}
        self.violations: list[str] = []

    def take(self, path: str, form: Form, headers: Mapping[str, str]) -> tuple[int, dict[str, Any]]:
        """Begin, check or end a verification."""
        if headers.get("Authorization") != "Basic " + base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode():
            return _error(401, 20003)
        given = {name: values[0] for name, values in form.items()}
        one = re.fullmatch(rf"/v2/Services/{SERVICE}/Verifications/(VE[0-9a-f]{{32}})", path)
        if one:
            self._hold("/Verifications/{Sid}", form)
            return self._change(one.group(1), given)
        if path == f"/v2/Services/{SERVICE}/Verifications":
            self._hold("/Verifications", form)
            return self._begin(given)
        if path == f"/v2/Services/{SERVICE}/VerificationCheck":
            self._hold("/VerificationCheck", form)
            return self._check(given)
        return _error(404, 20404)

    def latest(self) -> Verification:
        """Return the verification begun last."""
        return self.verifications[-1]

    def _begin(self, given: dict[str, str]) -> tuple[int, dict[str, Any]]:
        number = given["To"]
        if code := self.refusals.get(number):
            return _error(400 if code in (60200, 60205) else 403, code)
        known = next((each for each in self.verifications if each.to == number and each.is_open), None)
        if known is not None and known.sends >= _MOST:
            return _error(429, 60203)
        if known is None:
            code_text = f"{secrets.randbelow(10**6):06d}"
            expires_at = timezone.now().timestamp() + _LASTS_SECONDS
            known = Verification("VE" + secrets.token_hex(16), number, code_text, expires_at, given.get("DeviceIp", ""))
            self.verifications.append(known)
        else:
            known.sends += 1
        self.texts.append((number, known.code))
        return self._answer(201, known)

    def _check(self, given: dict[str, str]) -> tuple[int, dict[str, Any]]:
        known = self._find(given["VerificationSid"])
        if known is None:
            return _error(404, 20404)
        known.checks += 1
        if known.checks > _MOST:
            return _error(429, 60202)
        if given["Code"] == known.code:
            known.status = "approved"
        return self._answer(200, known, "verification_check")

    def _change(self, sid: str, given: dict[str, str]) -> tuple[int, dict[str, Any]]:
        known = self._find(sid)
        if known is None:
            return _error(404, 20404)
        known.status = given["Status"]
        return self._answer(200, known)

    def _find(self, sid: str) -> Verification | None:
        return next((each for each in self.verifications if each.sid == sid and each.is_open), None)

    def _hold(self, path: str, form: Form) -> None:
        self.violations += find_form_faults(_CONTRACT, _CONTRACT["paths"][_BASE + path]["post"], form)

    def _answer(self, status: int, known: Verification, shape: str = "verification") -> tuple[int, dict[str, Any]]:
        answer = {
            "sid": known.sid,
            "service_sid": SERVICE,
            "account_sid": ACCOUNT,
            "to": known.to,
            "channel": "sms",
            "status": known.status,
            "valid": known.status == "approved",
        }
        self.violations += find_faults(_CONTRACT, {"$ref": f"#/components/schemas/verify.v2.service.{shape}"}, answer)
        return status, answer


def running_twilio_verify() -> AbstractContextManager[TwilioVerify]:
    """Serve on a free port inside the block."""
    return serving(TwilioVerify())


def _error(status: int, code: int) -> tuple[int, dict[str, Any]]:
    more_info = f"https://www.twilio.com/docs/errors/{code}"
    return status, {"code": code, "message": "refused", "more_info": more_info, "status": status}
