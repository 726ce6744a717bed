"""Serves exactly the records of a JSON file instead of a generated firm.

The file is an object: "firm" {"name"} and one list per entity by its name, records as Clio shows them. Fields left out
are null; a nested object may be given by its id alone when its record is in the file.
"""

from __future__ import annotations

from pathlib import Path

from apps.clio.sandbox.changes import read_json, row_from
from apps.clio.sandbox.entities import ENTITIES
from apps.clio.sandbox.entities.billing_settings import BILLING_SETTINGS, settings_row
from apps.clio.sandbox.errors import Refusal
from apps.clio.sandbox.firm.found import DEFAULT_UNTIL
from apps.clio.sandbox.store import Store


class DatasetUnreadable(Exception):
    """The file is missing, no JSON, or holds something the sandbox does not know."""


def load_dataset(path: Path) -> Store:
    """Return the store of a file. Raises DatasetUnreadable."""
    try:
        content = read_json(path.read_bytes())
    except (OSError, ValueError) as problem:
        raise DatasetUnreadable(f"{path.name}: {problem}") from problem
    if not isinstance(content, dict):
        raise DatasetUnreadable(f"{path.name}: the file must hold one JSON object.")
    unknown = set(content) - ENTITIES.keys() - {"firm"}
    if unknown:
        raise DatasetUnreadable(f"{path.name}: unknown lists {', '.join(sorted(unknown))}.")
    store = Store(str(content.get("firm", {}).get("name", path.stem)))
    for name, entity in ENTITIES.items():
        try:
            recorded = [row_from(entity, record, store) for record in content.get(name, ())]
        except (Refusal, KeyError, TypeError, ValueError) as problem:
            raise DatasetUnreadable(f"{path.name}: {name}: {problem}") from problem
        store.tables[name].fill(sorted(recorded, key=lambda each: int(str(each[0][0]))))
    if not store.tables[BILLING_SETTINGS.name].rows:
        store.tables[BILLING_SETTINGS.name].fill([settings_row(DEFAULT_UNTIL.toordinal() * 86_400)])
    return store
