"""Our developer application in each of Clio's regions: a firm connects, and people sign in, where there is one."""

from urllib.parse import urlsplit

from django.conf import settings

from apps.clio.contracts import ClioApplication
from apps.clio.errors import RegionClosed, RegionNotOffered
from apps.clio.rules.region_names import REGION_NAMES, US, region_name

_LOOPBACK = ("127.0.0.1", "localhost", "::1")


def list_regions() -> dict[str, str]:
    """Return the offered regions with their names, the United States first."""
    return {region: region_name(region) for region in _applications()}


def is_offered() -> bool:
    """Tell whether anybody can sign in with Clio, or connect a firm, here."""
    return bool(_applications())


def application_in(region: str) -> ClioApplication:
    """Return our application in a region. Raises RegionNotOffered."""
    try:
        return _applications()[region]
    except KeyError:
        offered = ", ".join(list_regions().values()) or "none"
        raise RegionNotOffered(f"Offered here: {offered}.") from None


def application_of(region: str) -> ClioApplication:
    """Return our application in the region where a firm was connected. Raises RegionClosed."""
    try:
        return application_in(region)
    except RegionNotOffered as error:
        raise RegionClosed from error


def host_of(region: str) -> str:
    """Return the address of the region where a firm was connected. Raises RegionClosed."""
    return settings.CLIO_US_HOST if region == US else application_of(region).host


def _applications() -> dict[str, ClioApplication]:
    others = settings.CLIO_OTHER_REGIONS
    known = {region: ClioApplication(region, *others[region]) for region in REGION_NAMES if region in others}
    # Without an application of ours, the made-up one of a checkout opens only a sandbox on this machine.
    is_local = urlsplit(settings.CLIO_US_HOST).hostname in _LOOPBACK
    if settings.CLIO_HAS_US_APPLICATION or is_local:
        ours = ClioApplication(US, settings.CLIO_US_HOST, settings.CLIO_CLIENT_ID, settings.CLIO_CLIENT_SECRET)
        return {US: ours, **known}
    return known
