"""Clio's regions as people know them."""

REGION_NAMES = {"us": "United States", "ca": "Canada", "eu": "Europe", "au": "Australia"}


def region_name(region: str) -> str:
    """Return the name of a region, known or not."""
    return REGION_NAMES.get(region, region.upper())
