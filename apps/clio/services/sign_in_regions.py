"""In which of Clio's regions people may sign in: those for which an application of ours is registered."""

from urllib.parse import urlsplit

from django.conf import settings

from apps.clio.errors import RegionNotOffered
from apps.clio.rules.region_names import REGION_NAMES
from apps.clio.rules.regions import US
from apps.clio.vendors.clio_sign_in import ClioApplication

_LOOPBACK = ("127.0.0.1", "localhost", "::1")


def list_regions() -> dict[str, str]:
    """Return the offered regions with their names, the United States first."""
    return {region: REGION_NAMES[region] for region in _applications()}


def is_offered() -> bool:
    """Tell whether anybody can sign in with Clio here."""
    return bool(_applications())


def application_in(region: str) -> ClioApplication:
    """Return our application in a region. Raises RegionNotOffered."""
    try:
        return _applications()[region]
    except KeyError:
        raise RegionNotOffered(f"{region!r} is not offered.") from None


def _applications() -> dict[str, ClioApplication]:
    others = settings.CLIO_OTHER_REGIONS
    known = {region: ClioApplication(region, *others[region]) for region in REGION_NAMES if region in others}
    # Without an application of ours, the made-up one of a checkout opens only a sandbox on this machine.
    is_local = urlsplit(settings.CLIO_US_HOST).hostname in _LOOPBACK
    if settings.CLIO_HAS_US_APPLICATION or is_local:
        ours = ClioApplication(US, settings.CLIO_US_HOST, settings.CLIO_CLIENT_ID, settings.CLIO_CLIENT_SECRET)
        return {US: ours, **known}
    return known
