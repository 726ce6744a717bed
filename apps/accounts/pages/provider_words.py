"""How our pages speak of log-ins elsewhere."""

from apps.accounts.contracts import OutsideIdentity
from apps.accounts.queries.providers import find_provider


def label_of(identity: OutsideIdentity) -> str:
    """Return `the Clio user ada@example.com (Ash & Birch LLP)`."""
    provider = find_provider(identity.provider)
    account = f" ({identity.account_name})" if identity.account_name else ""
    return f"the {provider.label if provider else identity.provider} user {identity.label}{account}"
