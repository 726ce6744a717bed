"""The proof and the words of what Clio sends to our addresses."""

import base64
import hashlib
import hmac
import json

import pytest

from apps.clio.errors import DeliveryUnreadable
from apps.clio.vendors.clio_webhooks import is_signed, read_delivery, read_handshake

SECRET = "7f3a9c"
# As clio-api.md 10 has it, with the spaces Clio's own sample has.
BODY = (
    b'{"data": {"id": 152, "etag": "\\"ab12\\"", "date": "2026-03-03"}, "meta": {"event": "updated", "webhook_id": 7}}'
)


def digest(body: bytes = BODY, secret: str = SECRET) -> bytes:
    return hmac.new(secret.encode(), body, hashlib.sha256).digest()


@pytest.mark.parametrize("signature", [digest().hex(), digest().hex().upper(), base64.b64encode(digest()).decode()])
def test_takes_the_signature_in_hex_and_in_base64(signature):
    assert is_signed(BODY, signature=signature, secret=SECRET)


@pytest.mark.parametrize(
    "signature",
    [
        "",
        "x",
        "é" * 64,
        digest(BODY + b" ").hex(),
        digest(secret="other").hex(),
        digest().hex()[:-1],
        digest().hex() + "0",
    ],
)
def test_takes_no_other(signature):
    assert not is_signed(BODY, signature=signature, secret=SECRET)


def test_reads_a_delivery():
    call = read_delivery(BODY)

    assert (call.event, call.record_id, call.version, call.clio_webhook_id) == ("updated", "152", '"ab12"', 7)


def test_tells_two_deliveries_without_etag_apart_by_their_bodies():
    first, second = (
        read_delivery(json.dumps({"data": {"id": 1, "state": state}, "meta": {"event": "updated"}}).encode())
        for state in ("pending", "completed")
    )

    assert first.version != second.version


def test_takes_ids_that_are_text_and_ids_of_64_bits():
    def read(number: object) -> str:
        return read_delivery(json.dumps({"data": {"id": number}, "meta": {"event": "deleted"}}).encode()).record_id

    assert read("12-20260303") == "12-20260303"
    assert read(2**63 - 1) == "9223372036854775807"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"\xff",
        b'{"data":{}}',
        b'{"data":{"id":1}}',
        b'{"data":{"id":0},"meta":{"event":"updated"}}',
        b'{"data":{"id":-3},"meta":{"event":"updated"}}',
        b'{"data":{"id":9223372036854775808},"meta":{"event":"updated"}}',
        b'{"data":{"id":true},"meta":{"event":"updated"}}',
        b'{"data":{"id":1.5},"meta":{"event":"updated"}}',
        b'{"data":{"id":"a\\u0000b"},"meta":{"event":"updated"}}',
        b'{"data":{"id":""},"meta":{"event":"updated"}}',
        b'{"data":{"id":1},"meta":{"event":""}}',
        b'{"data":{"id":1},"meta":{"event":"a\\u0000"}}',
        json.dumps({"data": {"id": 1}, "meta": {"event": "x" * 41}}).encode(),
        json.dumps({"data": {"id": "x" * 101}, "meta": {"event": "updated"}}).encode(),
    ],
)
def test_refuses_what_names_no_record_or_no_event(body):
    with pytest.raises(DeliveryUnreadable):
        read_delivery(body)


@pytest.mark.parametrize(
    ("body", "number"),
    [
        (b'{"data":{"webhook_id":1234}}', 1234),
        (b'{"meta":{"webhook_id":1234}}', 1234),
        (b'{"data":{"id":1234}}', 1234),
        (b"", None),
        (b"no json", None),
        (b'{"data":{"id":"x"}}', None),
        (b'{"data":{"id":-1}}', None),
    ],
)
def test_reads_whom_a_handshake_is_for_in_every_form_it_may_have(body, number):
    assert read_handshake(body) == number
