"""What leaves instead of clients' names for whom a firm hides them (kpis.md section 7).

A matter's name and number usually hold the client's, so they are hidden with it. The stand-in is the same wherever one
firm's client is shown, tells nothing about the name, and is another one in every firm. Whatever writes a client's or a
matter's name into an answer, a file or a message takes it from here, with the scope of whom it is for. So do names that
people of the firm made up and that may hold a client's: of bank accounts, groups and shared reports, and numbers of
bills that are more than a number.
"""

import re

from apps.core.encryption import keyed_digest
from apps.core.scope import Scope

_DIGITS = 8
PLAIN_NUMBER = r"^([a-z]|inv|invoice|bill|no|nr)?[ #./_-]*[0-9][0-9 ./_-]*$"
"""What a bill's number may look like without naming anybody, in any case; read alike by Python and by PostgreSQL."""


def shown_client_name(*, scope: Scope, client_id: int | None, name: str) -> str:
    """Return the client's name, or what stands for it: `Client 7F3A09C1`."""
    return _shown(scope, "client", client_id, name)


def shown_matter_name(*, scope: Scope, matter_id: int | None, name: str) -> str:
    """Return the matter's name or number, or what stands for it: `Matter 7F3A09C1`."""
    return _shown(scope, "matter", matter_id, name)


def shown_bill_number(*, scope: Scope, bill_id: int | None, number: str) -> str:
    """Return the bill's number, or what stands for one that may hold a name: `Bill 7F3A09C1`."""
    return number if re.match(PLAIN_NUMBER, number, re.IGNORECASE) else _shown(scope, "bill", bill_id, number)


def shown_made_up_name(*, scope: Scope, what: str, its_id: int | None, name: str) -> str:
    """Return a name that somebody of the firm made up, or what stands for it: `Account 7F3A09C1`. what: account."""
    return _shown(scope, what, its_id, name)


def _shown(scope: Scope, what: str, its_id: int | None, name: str) -> str:
    if not scope.hides_client_names or its_id is None:  # without an id it is a row of its own, "(No matter)"
        return name
    digest = keyed_digest(f"hidden {what}:{scope.firm_id}:{its_id}")
    return f"{what.capitalize()} {digest[:_DIGITS].upper()}"
