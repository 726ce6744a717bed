"""What leaves instead of colleagues' names for whom may not know them (kpis.md section 7).

Made as clients' stand-ins are: the same wherever one person of a firm is shown, telling nothing about the name nor of
Clio's id, and another one in every firm. Whatever writes a colleague's name into an answer, a file or a message takes
it from here, with the scope of whom it is for.
"""

from apps.core.encryption import keyed_digest
from apps.core.scope import Scope

_DIGITS = 8


def shown_person_name(*, scope: Scope, clio_user_id: int | None, name: str, tells_people: bool) -> str:
    """Return the person's name, or what stands for it: `Colleague 7F3A09C1`; one's own name is no secret.

    tells_people: the reader holds the permission to see other people's names.
    """
    if tells_people or clio_user_id is None or clio_user_id == scope.clio_user_id:
        return name
    return f"Colleague {keyed_digest(f'hidden colleague:{scope.firm_id}:{clio_user_id}')[:_DIGITS].upper()}"
