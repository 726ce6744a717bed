"""The mirror is read through its published views, and only where the ledger is built."""

import re
from pathlib import Path

APP = Path(__file__).parents[3] / "apps" / "reports"
TABLE = re.compile(r"\bclio_[a-z_]+\b")
# Names of this kind that are no tables.
COLUMNS = {"clio_connect", "clio_id", "clio_user_id", "clio_total", "clio_unbilled", "clio_receivable"}


def test_only_the_ledger_names_clios_views_and_nothing_names_its_tables() -> None:
    named = {
        (path.relative_to(APP).parts[0], name)
        for path in APP.rglob("*.py")
        for name in set(TABLE.findall(path.read_text())) - COLUMNS
    }

    assert named
    assert {room for room, name in named} == {"ledger"}
    assert {name for _, name in named if not name.startswith("clio_out")} == set()
