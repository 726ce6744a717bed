"""Clio's regions as people know them. They share nothing: hosts, accounts, applications, tokens (clio-api.md 1)."""

US = "us"
REGION_NAMES = {US: "United States", "ca": "Canada", "eu": "Europe", "au": "Australia"}


def region_name(region: str) -> str:
    """Return the name of a region, known or not."""
    return REGION_NAMES.get(region, region.upper())
