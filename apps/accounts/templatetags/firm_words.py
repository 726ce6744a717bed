"""Words of a firm's pages."""

from django import template

from apps.accounts.contracts import Place
from apps.accounts.models import Invitation, Membership
from apps.accounts.rules.places import describe_place

register = template.Library()


@register.filter
def place_words(held: Membership | Invitation) -> str:
    """Return a place in a sentence: `Consultant, read-only; sees the whole firm`."""
    return describe_place(Place(role=held.role, scope=held.scope, grants=tuple(held.grants), level=held.level))
