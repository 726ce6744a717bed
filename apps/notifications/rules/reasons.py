"""Why somebody gets a mail: the last lines of it, unless its words give a reason of their own."""

from apps.notifications.contracts import Category
from apps.notifications.rules.kinds.kind import Kind

_BY_CATEGORY = {
    Category.SECURITY: "You get this mail because it concerns the safety of your account. It cannot be turned off.",
    Category.TRANSACTIONAL: "You get this mail because of your account at Smarter Firms.",
    Category.ALERT: "You get this mail because an alert of yours watches this figure.",
    Category.SYSTEM: "You get this mail because it concerns how Smarter Firms works for you.",
    Category.MARKETING: "You get this mail because you asked for news from us.",
}
_BY_AREA = {
    "billing": "You get this mail because you look after the subscription of {{ firm }}.",
    "clio": "You get this mail because you look after the Clio connection of {{ firm }}.",
    "reports": "You get this mail because of your reports at {{ firm }}.",
}


def reason_for(kind: Kind) -> str:
    """Return the reason of a kind, in the language of messages."""
    if kind.category in (Category.SECURITY, Category.ALERT):
        return _BY_CATEGORY[kind.category]
    return _BY_AREA.get(kind.area, _BY_CATEGORY[kind.category])


def kicker_for(kind: Kind) -> str:
    """Return the word above a mail's heading."""
    if kind.category in (Category.SECURITY, Category.ALERT):
        return kind.category.value.capitalize()
    return {"accounts": "Your account", "billing": "Billing", "clio": "Clio", "reports": "Reports", "news": "News"}.get(
        kind.area, "Service"
    )
