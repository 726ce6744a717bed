"""Whose headers are believed."""

import pytest
from django.test import RequestFactory

from apps.core.client_address import client_ip, network_of

LOAD_BALANCER, CLOUDFLARE, PERSON = "10.0.3.7", "162.158.9.9", "203.0.113.50"


@pytest.fixture(autouse=True)
def _behind_both(settings):
    settings.TRUSTED_PROXY_CIDRS = ("10.0.0.0/16",)
    settings.CLOUDFLARE_CIDRS = ("162.158.0.0/15", "2400:cb00::/32")


def _ip(peer: str, forwarded: str = "", connecting: str = "") -> str | None:
    headers = {"X-Forwarded-For": forwarded, "CF-Connecting-IP": connecting}
    request = RequestFactory().get(
        "/", REMOTE_ADDR=peer, headers={name: text for name, text in headers.items() if text}
    )
    return client_ip(request)


@pytest.mark.parametrize(
    ("peer", "forwarded", "connecting", "expected"),
    [
        # Cloudflare, then the load balancer.
        (LOAD_BALANCER, f"{PERSON}, {CLOUDFLARE}", PERSON, PERSON),
        # The left end of the list is whatever the caller wrote.
        (LOAD_BALANCER, f"1.2.3.4, {CLOUDFLARE}", PERSON, PERSON),
        (LOAD_BALANCER, "2001:db8::1, 2400:cb00::9", "2001:db8::1", "2001:db8::1"),
        # Past Cloudflare, straight to the load balancer: its headers are a lie.
        (LOAD_BALANCER, PERSON, "1.2.3.4", PERSON),
        (LOAD_BALANCER, f"1.2.3.4, {PERSON}", "1.2.3.4", PERSON),
        # Past both.
        (PERSON, f"1.2.3.4, {CLOUDFLARE}", "1.2.3.4", PERSON),
        # Cloudflare without its header, or with rubbish in it.
        (LOAD_BALANCER, CLOUDFLARE, "", CLOUDFLARE),
        (LOAD_BALANCER, CLOUDFLARE, "rubbish", CLOUDFLARE),
        (LOAD_BALANCER, "rubbish", PERSON, LOAD_BALANCER),
        (LOAD_BALANCER, "", PERSON, LOAD_BALANCER),
        ("::ffff:203.0.113.50", "", "", PERSON),
        ("", "", "", None),
    ],
)
def test_the_client_is_whom_the_nearest_believed_proxy_names(peer, forwarded, connecting, expected):
    assert _ip(peer, forwarded, connecting) == expected


def test_without_a_trusted_proxy_no_header_is_believed(settings):
    settings.TRUSTED_PROXY_CIDRS = ()

    assert _ip(LOAD_BALANCER, f"{PERSON}, {CLOUDFLARE}", PERSON) == LOAD_BALANCER


@pytest.mark.parametrize(
    ("address", "network"),
    [(PERSON, PERSON), ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"), (None, "local")],
)
def test_limits_count_by_household(address, network):
    assert network_of(address) == network
