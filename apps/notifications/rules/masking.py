"""As much of an address as a person needs to recognize their own, and too little to write to it."""

_DOTS = "•••"


def mask_address(address: str) -> str:
    """Return `a•••@e•••.com` for a mail address, `+1•••55` for a number, an empty text for an empty one."""
    if not address:
        return ""
    name, at, domain = address.rpartition("@")
    return f"{name[:1]}{_DOTS}@{_mask_domain(domain)}" if at else f"{address[:2]}{_DOTS}{address[-2:]}"


def _mask_domain(domain: str) -> str:
    name, _, ending = domain.rpartition(".")
    return f"{name[:1]}{_DOTS}.{ending}"[:80]
