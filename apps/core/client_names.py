"""What leaves instead of clients' names for whom a firm hides them (kpis.md section 7).

A matter's name and number usually hold the client's, so they are hidden with it. The stand-in is the same wherever one
firm's client is shown, tells nothing about the name, and is another one in every firm. Whatever writes a client's or a
matter's name into an answer, a file or a message takes it from here, with the scope of whom it is for.
"""

from apps.core.encryption import keyed_digest
from apps.core.scope import Scope

_DIGITS = 8


def shown_client_name(*, scope: Scope, client_id: int | None, name: str) -> str:
    """Return the client's name, or what stands for it: `Client 7F3A09C1`."""
    return _shown(scope, "client", client_id, name)


def shown_matter_name(*, scope: Scope, matter_id: int | None, name: str) -> str:
    """Return the matter's name or number, or what stands for it: `Matter 7F3A09C1`."""
    return _shown(scope, "matter", matter_id, name)


def _shown(scope: Scope, what: str, its_id: int | None, name: str) -> str:
    if not scope.hides_client_names or its_id is None:  # without an id it is a row of its own, "(No matter)"
        return name
    digest = keyed_digest(f"hidden {what}:{scope.firm_id}:{its_id}")
    return f"{what.capitalize()} {digest[:_DIGITS].upper()}"
