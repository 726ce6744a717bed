"""Under whom a user of Clio stands, as the firm says (case 21)."""

from apps.reports.contracts.kept import CellKind
from apps.reports.models import MergedTimekeeper
from apps.reports.queries.kept import read_names


def find_main_user(firm_id: int, timekeeper_id: int) -> tuple[int, str] | None:
    """Return the id and the name of the user somebody stands under; None of who stands for themselves."""
    found = MergedTimekeeper.objects.filter(firm_id=firm_id, timekeeper_id=timekeeper_id)
    main = found.values_list("main_timekeeper_id", flat=True).first()
    if main is None:
        return None
    return main, read_names(firm_id=firm_id, kind=CellKind.PERSON, ids=[main]).get(main, "")
