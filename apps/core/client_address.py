"""From which IP address did a request come? Headers are believed only from the proxies named in the settings.

In production Cloudflare speaks to the load balancer and the load balancer to us. The load balancer appends its peer to
`X-Forwarded-For`; only if that peer is one of Cloudflare's addresses, Cloudflare's `CF-Connecting-IP` is the client.
Whoever reaches the load balancer past Cloudflare is taken for who they are.
"""

from functools import lru_cache
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

Network = IPv4Network | IPv6Network


def client_ip(request: HttpRequest) -> str | None:
    """Return the client's address in its usual spelling, or None when there is none (a unix socket)."""
    peer = _spelled(request.META.get("REMOTE_ADDR", ""))
    if peer is None or not _is_in(peer, settings.TRUSTED_PROXY_CIDRS):
        return peer
    forwarded = request.headers.get("X-Forwarded-For", "")
    edge = _spelled(forwarded.rpartition(",")[2].strip())
    if edge is None:
        return peer
    if _is_in(edge, settings.CLOUDFLARE_CIDRS):
        return _spelled(request.headers.get("CF-Connecting-IP", "").strip()) or edge
    return edge


def network_of(address: str | None) -> str:
    """Return what limits count by: an IPv4 address itself, of an IPv6 one the /64 that belongs to one household."""
    if address is None:
        return "local"
    parsed = ip_address(address)
    if isinstance(parsed, IPv6Address):
        return str(ip_network((int(parsed) >> 64 << 64, 64)))
    return str(parsed)


def wider_network_of(address: str | None) -> str:
    """Return the network an address is likely rented with: of an IPv4 address the /24, of an IPv6 one the /48."""
    if address is None:
        return "local"
    return str(ip_network(f"{address}/{48 if ip_address(address).version == 6 else 24}", strict=False))


def _spelled(text: str) -> str | None:
    try:
        address = ip_address(text)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return str(mapped or address)


def _is_in(address: str, networks: tuple[str, ...]) -> bool:
    parsed = ip_address(address)
    return any(parsed in network for network in _parsed(tuple(networks)))


@lru_cache(maxsize=8)
def _parsed(networks: tuple[str, ...]) -> tuple[Network, ...]:
    return tuple(ip_network(network) for network in networks)
