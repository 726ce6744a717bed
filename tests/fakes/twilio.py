"""A small Twilio: takes messages by its HTTP API, holds each request to the contract, and reports back, signed.

Requests and answers: tests/contracts/twilio.api_v2010.json. Callbacks have no contract file: the fields are the usual
ones, signed by the SDK's own code.
"""

import base64
import json
import secrets
from collections.abc import Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from twilio.request_validator import RequestValidator

from tests.fakes.openapi import find_faults, find_form_faults
from tests.fakes.vendor import Callback, Form, Vendor, VendorHandler, serving

ACCOUNT = "AC" + "0123456789abcdef" * 2
TOKEN = "token-of-nobody"
NUMBER = "+15005550006"
_CONTRACT = json.loads((Path(__file__).parents[1] / "contracts" / "twilio.api_v2010.json").read_text())
_PATH = "/2010-04-01/Accounts/{AccountSid}/Messages.json"
_POST = _CONTRACT["paths"][_PATH]["post"]


class Twilio(Vendor):
    """The server; `messages` are the accepted forms with the SID they got, `violations` of the contract should be none.

    `refusals` answers a number with an error code: 21211 is invalid, 21610 said STOP.
    """

    def __init__(self) -> None:
        super().__init__(VendorHandler)
        self.messages: list[dict[str, str]] = []
        self.violations: list[str] = []
        self.refusals: dict[str, int] = {}

    def take(self, path: str, form: Form, headers: Mapping[str, str]) -> tuple[int, dict[str, Any]]:
        """Take a message."""
        self.violations += _violations(path, form)
        if headers.get("Authorization") != "Basic " + base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode():
            return 401, {"code": 20003, "message": "Authenticate", "status": 401}
        message = {name: values[0] for name, values in form.items()}
        if code := self.refusals.get(message["To"]):
            return 400, {"code": code, "message": "refused", "status": 400}
        message["sid"] = "SM" + secrets.token_hex(16)
        self.messages.append(message)
        answer = {
            "sid": message["sid"],
            "account_sid": ACCOUNT,
            "to": message["To"],
            "from": message["From"],
            "body": message["Body"],
            "status": "queued",
            "direction": "outbound-api",
            "error_code": None,
            "num_segments": "1",
        }
        self.violations += find_faults(_CONTRACT, {"$ref": "#/components/schemas/api.v2010.account.message"}, answer)
        return 201, answer


def status(message: Mapping[str, str], status: str, *, error_code: int | None = None, token: str = TOKEN) -> Callback:
    """Return the status callback Twilio would post about a message, to the address the message named."""
    form = {
        "AccountSid": ACCOUNT,
        "ApiVersion": "2010-04-01",
        "From": message["From"],
        "To": message["To"],
        "MessageSid": message["sid"],
        "SmsSid": message["sid"],
        "MessageStatus": status,
        "SmsStatus": status,
    }
    if error_code is not None:
        form["ErrorCode"] = str(error_code)
    return _signed(message["StatusCallback"], form, token)


def inbound(base_url: str, sender: str, text: str, *, stated: str = "", token: str = TOKEN) -> Callback:
    """Return what Twilio would post when somebody writes to our number. stated: its own reading of the text."""
    form = {
        "AccountSid": ACCOUNT,
        "MessageSid": "SM" + secrets.token_hex(16),
        "From": sender,
        "To": NUMBER,
        "Body": text,
        "NumSegments": "1",
    }
    if stated:
        form["OptOutType"] = stated
    return _signed(f"{base_url}/webhooks/twilio/messages", form, token)


def running_twilio() -> AbstractContextManager[Twilio]:
    """Serve on a free port inside the block."""
    return serving(Twilio())


def _signed(address: str, form: Mapping[str, str], token: str) -> Callback:
    signature = RequestValidator(token).compute_signature(address, form)
    parts = urlsplit(address)
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    headers = {"X-Twilio-Signature": signature}
    return Callback(path, urlencode(form).encode(), "application/x-www-form-urlencoded", headers)


def _violations(path: str, form: Form) -> list[str]:
    if path != _PATH.replace("{AccountSid}", ACCOUNT):
        return [f"no such path: {path}"]
    return find_form_faults(_CONTRACT, _POST, form)
