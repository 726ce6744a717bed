"""What every write of mirrored rows leaves behind, in the same statement: the version, changed keys, former values."""

# ruff: noqa: S608 - names come from the declarations, values never

from apps.clio.mirror.declaration import Entity

# What a record belongs to, by the name of its column.
_PLACES = ("bill_id", "matter_id", "activity_id", "user_id")
_NOT_NEWS = frozenset({"etag", "changed_at"})


class Trail:
    """The SQL around a statement that changes rows of an entity's table.

    `wrap(statement)` makes it the source of the version's rise and of rows of clio_changes and clio_history, and gives
    one (clio_id, is_new) per changed row. The statement takes firm_id and ends in `RETURNING {trail.returning}`.
    """

    def __init__(self, entity: Entity) -> None:
        self._entity = entity
        names = {column.name for column in entity.columns}
        self._places = tuple(name for name in _PLACES if name in names)
        self._date = entity.ledger_date
        self._history = (*entity.history, "gone_at") if entity.history else ()

    @property
    def returning(self) -> str:
        """The list after RETURNING."""
        parts = ["new.clio_id AS clio_id", "old.clio_id IS NULL AS is_new", f"{self._columns()} AS columns"]
        dated = [(self._date, "date")] if self._date else []
        for column, name in [*[(place, place) for place in self._places], *dated]:
            parts.append(f"CASE WHEN new.gone_at IS NULL THEN new.{column} END AS {name}")
            parts.append(f"CASE WHEN old.gone_at IS NULL THEN old.{column} END AS old_{name}")
        if self._history:
            parts.append("old.first_synced_at AS seen_first")
        for column in self._history:
            parts.append(f"old.{column}::text AS was_{column}, new.{column}::text AS is_{column}")
        return ", ".join(parts)

    def wrap(self, statement: str) -> str:
        """Return the whole statement."""
        steps = [f"written AS ({statement})", _RAISED, self._noted(), self._noted_whole()]
        if self._history:
            steps.append(self._kept())
        return f"WITH {', '.join(steps)} SELECT clio_id, is_new FROM written"

    def _columns(self) -> str:
        ours = [*[each.column for each in self._entity.derived], *self._entity.ours]
        kept = [column.name for column in self._entity.columns if column.name not in _NOT_NEWS]
        compared = [*kept[1:], *ours, "gone_at"]
        tests = ", ".join(
            f'CASE WHEN old."{name}" IS DISTINCT FROM new."{name}" THEN \'{name}\' END' for name in compared
        )
        return f"CASE WHEN old.clio_id IS NULL THEN NULL ELSE array_remove(ARRAY[{tests}], NULL) END"

    def _noted(self) -> str:
        key = "record_key" if self._entity.has_text_key else "record_id"
        dated = ["date"] if self._date else []
        names = [name for place in [*self._places, *dated] for name in (place, f"old_{place}")]
        listed = ", ".join(["columns", *names])
        return f"""
            noted AS (
                INSERT INTO clio_changes (firm_id, version, entity, {key}, {listed})
                SELECT %(firm_id)s, version, '{self._entity.name}', clio_id, {listed} FROM written, raised
                WHERE {self._is_told_by_record()}
            )"""

    def _noted_whole(self) -> str:
        return f"""
            noted_whole AS (
                INSERT INTO clio_changes (firm_id, version, entity)
                SELECT %(firm_id)s, version, '{self._entity.name}' FROM raised WHERE NOT {self._is_told_by_record()}
                ON CONFLICT (firm_id, entity) WHERE record_id IS NULL AND record_key IS NULL
                DO UPDATE SET version = excluded.version, changed_at = now()
            )"""

    def _is_told_by_record(self) -> str:
        """Until an entity was read to its end once, and for sums replaced whole, single records say nothing."""
        if self._entity.snapshot:
            return "false"
        return f"""EXISTS (SELECT FROM clio_synced_entities WHERE firm_id = %(firm_id)s
                           AND entity = '{self._entity.name}' AND first_completed_at IS NOT NULL)"""

    def _kept(self) -> str:
        """The first value is kept with the first change: before that, the record itself has it."""
        pairs = ", ".join(f"('{column}', was_{column}, is_{column})" for column in self._history)
        return f"""
            kept AS (
                INSERT INTO clio_history (firm_id, entity, record_id, attribute, value, seen_from)
                SELECT %(firm_id)s, '{self._entity.name}', clio_id, attribute, value, seen_from FROM written
                CROSS JOIN LATERAL (VALUES {pairs}) AS pair (attribute, was, is_now)
                CROSS JOIN LATERAL (VALUES (was, seen_first), (is_now, clock_timestamp())) AS kept (value, seen_from)
                WHERE NOT is_new AND was IS DISTINCT FROM is_now
                ON CONFLICT DO NOTHING
            )"""


_RAISED = """
            raised AS (
                INSERT INTO clio_mirror_versions AS mirror (firm_id, version)
                SELECT %(firm_id)s, 1 WHERE EXISTS (SELECT FROM written)
                ON CONFLICT (firm_id) DO UPDATE SET version = mirror.version + 1 RETURNING version
            )"""
