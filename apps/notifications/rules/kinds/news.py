"""Marketing: only to those who asked for it."""

from apps.notifications.contracts import Category, ContextValue
from apps.notifications.rules.kinds.kind import EMAIL, Kind


def _kind(key: str, label: str, **sample: ContextValue) -> Kind:
    return Kind(
        key=f"news.{key}",
        label=label,
        category=Category.MARKETING,
        channels=EMAIL,
        by_default=False,
        may_refuse=True,
        may_wait=True,
        sample=sample,
    )


KINDS = (
    _kind(
        "product",
        "New in Smarter Firms",
        headline="Profit by practice area",
        summary="Cost rates per timekeeper, kept by date, now turn collections into profit.",
        points="See profit by practice area, matter and client\nOpen any figure and read the records behind it\n"
        "Close a month, and it stays closed",
        address="https://app.smarterfirms.com/overview",
    ),
    _kind(
        "first_steps",
        "Tips for the first weeks",
        name="Olivia Hart",
        tip="Set a target of hours for each timekeeper",
        why="Utilization tells how full the week was. A target tells whether that was the plan.",
        address="https://app.smarterfirms.com/firm/people",
    ),
)
