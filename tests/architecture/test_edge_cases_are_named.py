"""Every edge case of the numbers' specification (kpis.md section 8) has a test that bears its number."""

import re
from pathlib import Path

_NUMBERED = re.compile(r"def test_cases?_((?:\d+_(?:and_)?)+)")
_CASES = range(1, 37)


def test_every_edge_case_has_a_test_by_its_number() -> None:
    sources = (path.read_text() for path in Path(__file__).parents[1].rglob("test_*.py"))
    named = {
        int(number) for text in sources for found in _NUMBERED.findall(text) for number in re.findall(r"\d+", found)
    }

    assert set(_CASES) - named == set()
