"""Tests copy one migrated database while what migrations are made of stays as it is; so that must be all they use."""

import ast
from pathlib import Path

from smarterfirms.settings.environment import BASE_DIR
from tests.database import INGREDIENTS

_FILES = {path for pattern in INGREDIENTS for path in BASE_DIR.glob(pattern)}


def _imports(path: Path) -> set[str]:
    """Return the modules of ours that a file names, be it `import a.b` or `from a import b`."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {each.name for each in node.names}
        if isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return {name for name in found if name.split(".")[0] in ("apps", "smarterfirms", "tests")}


def test_a_migration_is_made_of_nothing_but_what_its_copy_is_known_by():
    migrations = [path for path in _FILES if path.parent.name == "migrations"]

    used = {name for path in migrations for name in _imports(path)}

    assert len(migrations) > 25
    for name in used:
        place = BASE_DIR.joinpath(*name.split("."))
        assert {place.with_suffix(".py"), place / "__init__.py"} & _FILES, name
