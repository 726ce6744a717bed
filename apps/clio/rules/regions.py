"""Clio's regions. They share nothing: each has its own host, accounts, application and tokens (clio-api.md 1)."""

from apps.clio.errors import RegionNotOffered

US = "us"


def host_of(region: str, *, us_host: str) -> str:
    """Return a region's address. Raises RegionNotOffered."""
    if region != US:
        raise RegionNotOffered(f"{region!r} is not offered; use {US!r}.")
    return us_host
