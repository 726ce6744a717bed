"""Every kind of message the product sends. A new message is a row below kinds/ and its templates; `make check` proves
both.
"""

from collections.abc import Mapping

from apps.notifications.contracts import ContextValue
from apps.notifications.errors import ContextDoesNotFit, UnknownKind
from apps.notifications.rules.forms import form_of, has_form
from apps.notifications.rules.kinds import accounts, billing, clio, getting_in, news, reports, security, system
from apps.notifications.rules.kinds.kind import Kind

__all__ = ["KINDS", "Kind", "check_context", "get_kind"]

KINDS: tuple[Kind, ...] = (
    *security.KINDS,
    *accounts.KINDS,
    *getting_in.KINDS,
    *billing.KINDS,
    *clio.KINDS,
    *reports.KINDS,
    *system.KINDS,
    *news.KINDS,
)
LONGEST_VALUE = 10_000
_BY_KEY = {kind.key: kind for kind in KINDS}


def get_kind(key: str) -> Kind:
    """Return a kind by its key. Raises UnknownKind."""
    try:
        return _BY_KEY[key]
    except KeyError:
        raise UnknownKind(key) from None


def check_context(kind: Kind, context: Mapping[str, object]) -> None:
    """Raise ContextDoesNotFit unless the context has exactly the sample's names, and values of the sample's forms."""
    if context.keys() != kind.sample.keys():
        raise ContextDoesNotFit(f"{kind.key} takes {sorted(kind.sample)}, was given {sorted(context)}")
    for name, value in context.items():
        if not isinstance(value, ContextValue):
            raise ContextDoesNotFit(f"{kind.key}: {name} is a {type(value).__name__}, not a plain value")
        if isinstance(value, str) and len(value) > LONGEST_VALUE:
            raise ContextDoesNotFit(f"{kind.key}: {name} is longer than {LONGEST_VALUE:,} characters")
        form = form_of(kind.sample[name])
        if not has_form(form, value):
            raise ContextDoesNotFit(f"{kind.key}: {name} is not {form.value}")
