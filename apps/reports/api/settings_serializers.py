"""Shapes of what a firm keeps. The fields of a table follow its declaration: a second list here could only drift."""

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers

from apps.reports.contracts.kept import (
    IDS,
    AgingBasis,
    CapacityBasis,
    CellKind,
    ChangedRow,
    KeptColumn,
    KeptRow,
    KeptTable,
    LeaderboardNames,
    PaymentAllocation,
    TableChange,
)
from apps.reports.rules.cells import write_cell
from apps.reports.rules.kept_tables import TABLES

MOST_SHOWN = 500


class RulesChangeSerializer(serializers.Serializer[Any]):
    """Every rule may be left out; what is named is set."""

    payment_allocation = serializers.ChoiceField(
        choices=[each.value for each in PaymentAllocation],
        required=False,
        help_text="how a payment is spread over its bill's lines",
    )
    aging_basis = serializers.ChoiceField(
        choices=[each.value for each in AgingBasis], required=False, help_text="what receivables age from"
    )
    counts_no_charge_as_billable = serializers.BooleanField(
        required=False, help_text="hours without charge are billable hours"
    )
    capacity_basis = serializers.ChoiceField(
        choices=[each.value for each in CapacityBasis],
        required=False,
        help_text="calendar: working days; clio: 8 hours on 260 days a year, in months with an entry",
    )
    leaderboard_names = serializers.ChoiceField(
        choices=[each.value for each in LeaderboardNames], required=False, help_text="whether and whom it shows"
    )
    leaderboard_minimum_hours = serializers.DecimalField(
        max_digits=6, decimal_places=2, min_value=0, max_value=1000, required=False, help_text="to be ranked"
    )
    minimum_people = serializers.IntegerField(
        min_value=1, max_value=50, required=False, help_text="fewer never share a cell that tells of one of them"
    )

    def validate(self, rules: dict[str, Any]) -> dict[str, Any]:
        """Return the rules in their own words."""
        words = {
            "payment_allocation": PaymentAllocation,
            "aging_basis": AgingBasis,
            "capacity_basis": CapacityBasis,
            "leaderboard_names": LeaderboardNames,
        }
        return {name: words[name](value) if name in words else value for name, value in rules.items()}


class RulesSerializer(serializers.Serializer[Any]):
    payment_allocation = serializers.CharField()
    aging_basis = serializers.CharField()
    counts_no_charge_as_billable = serializers.BooleanField()
    capacity_basis = serializers.CharField()
    leaderboard_names = serializers.CharField()
    leaderboard_minimum_hours = serializers.DecimalField(max_digits=6, decimal_places=2)
    minimum_people = serializers.IntegerField()
    version = serializers.IntegerField(help_text="0: never changed")


class KeptColumnSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    kind = serializers.CharField(source="kind.value")
    help = serializers.CharField(source="words")
    is_key = serializers.BooleanField()
    is_required = serializers.BooleanField()
    choices = serializers.ListField(child=serializers.CharField())


class KeptTableSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(source="slug", help_text="as it stands in addresses")
    title = serializers.CharField()
    question = serializers.CharField()
    columns = KeptColumnSerializer(many=True)


class ListQuerySerializer(serializers.Serializer[Any]):
    on = serializers.DateField(required=False, help_text="only rows that hold on this day")
    timekeeper_id = serializers.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
    matter_id = serializers.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
    client_id = serializers.IntegerField(required=False, min_value=1, max_value=2**63 - 1)
    practice_area_id = serializers.IntegerField(required=False, min_value=1, max_value=2**63 - 1)


class FileQuerySerializer(serializers.Serializer[Any]):
    dry_run = serializers.BooleanField(required=False, default=False, help_text="only tell what would change")
    mode = serializers.ChoiceField(
        choices=["merge", "replace"],
        required=False,
        default="merge",
        help_text="replace: rows the file does not have go",
    )


def _shown(column: KeptColumn) -> serializers.Field[Any, Any, Any, Any]:
    more: dict[str, Any] = {"help_text": column.words, "allow_null": not column.is_required}
    if column.kind in IDS:
        return serializers.IntegerField(**more)
    if column.kind in (CellKind.DAY, CellKind.MONTH):
        return serializers.DateField(**more)
    if column.kind is CellKind.WEEKDAYS:
        return serializers.ListField(child=serializers.IntegerField(), **more)
    return serializers.BooleanField(**more) if column.kind is CellKind.FLAG else serializers.CharField(**more)


def _given(column: KeptColumn) -> serializers.Field[Any, Any, Any, Any]:
    """Return how a cell is documented; `rules.cells` reads it, the same for files and for JSON."""
    more: dict[str, Any] = {"help_text": column.words, "required": column.is_required}
    if column.kind in IDS:
        return serializers.IntegerField(**more, allow_null=not column.is_required)
    if column.kind is CellKind.CHOICE:
        return serializers.ChoiceField(choices=column.choices, **more)
    if column.kind is CellKind.DAY:
        return serializers.DateField(**more, allow_null=not column.is_required)
    if column.kind is CellKind.FLAG:
        return serializers.BooleanField(**more, allow_null=True)
    return serializers.CharField(**more, allow_blank=not column.is_required, allow_null=not column.is_required)


class TableSerializers:
    """What goes in and out of one table."""

    def __init__(self, table: KeptTable) -> None:
        name = table.name.title().replace("_", "")
        cells = {column.name: _shown(column) for column in table.columns}
        names = {
            column.name_column: serializers.CharField(help_text="name in Clio", allow_null=True)
            for column in table.columns
            if column.name_column
        }
        self.row = _made(f"{name}RowSerializer", {"id": serializers.IntegerField(), **cells, **names})
        self.given = _made(f"{name}InputSerializer", {column.name: _given(column) for column in table.columns})
        partial = {column.name: _given(column) for column in table.columns}
        for field in partial.values():
            field.required = False
        self.partial = _made(f"{name}PartSerializer", partial)
        self.page = _made(
            f"{name}PageSerializer",
            {
                "next": serializers.CharField(allow_null=True),
                "previous": serializers.CharField(allow_null=True),
                "version": serializers.IntegerField(help_text="of the table; also its ETag"),
                "results": self.row(many=True),
            },
        )
        self.change = _made(
            f"{name}ChangeSerializer",
            {
                "rows": self.given(many=True, required=False, help_text="added, or replacing the row of the same key"),
                "removed_ids": serializers.ListField(
                    child=serializers.IntegerField(min_value=1, max_value=2**63 - 1), required=False, max_length=10_000
                ),
                "dry_run": serializers.BooleanField(required=False, help_text="only tell what would change"),
            },
        )


def _made(name: str, fields: Mapping[str, serializers.Field[Any, Any, Any, Any]]) -> type[serializers.Serializer[Any]]:
    return type(name, (serializers.Serializer,), dict(fields))


SERIALIZERS = {table.name: TableSerializers(table) for table in TABLES}


class ChangedRowSerializer(serializers.Serializer[Any]):
    what = serializers.ChoiceField(choices=["added", "changed", "removed"])
    before = serializers.DictField(child=serializers.CharField(), allow_null=True)
    after = serializers.DictField(child=serializers.CharField(), allow_null=True)


class TableChangeSerializer(serializers.Serializer[Any]):
    version = serializers.IntegerField(help_text="of the table, after it")
    dry_run = serializers.BooleanField()
    added = serializers.IntegerField()
    changed = serializers.IntegerField()
    removed = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    changes = ChangedRowSerializer(many=True, help_text=f"the first {MOST_SHOWN}")
    closed_months = serializers.ListField(
        child=serializers.DateField(),
        help_text="closed months it reaches back into: figures restated move, those as reported stand",
    )


def shown_row(table: KeptTable, row_id: int, row: KeptRow, names: Mapping[str, Mapping[int, str]]) -> dict[str, Any]:
    """Return a row as it leaves; names: by column of ids, empty where the reader may not see them."""
    body: dict[str, Any] = {"id": row_id}
    for column in table.columns:
        cell = row[column.name]
        body[column.name] = write_cell(cell) if column.kind is CellKind.NUMBER and cell is not None else cell
        if column.name_column:
            body[column.name_column] = names.get(column.name, {}).get(int(str(cell or 0)))
    return body


def shown_change(change: TableChange, *, is_dry_run: bool) -> dict[str, Any]:
    """Return what a change did, or would do."""
    return {
        "version": change.version,
        "dry_run": is_dry_run,
        **{what: change.count(what) for what in ("added", "changed", "removed")},
        "unchanged": change.unchanged,
        "changes": [_changed(each) for each in change.changes[:MOST_SHOWN]],
        "closed_months": [month.isoformat() for month in change.closed_months],
    }


def _changed(change: ChangedRow) -> dict[str, Any]:
    sides = {"before": change.before, "after": change.after}
    return {"what": change.what} | {
        side: None if row is None else {name: write_cell(cell) for name, cell in row.items()}
        for side, row in sides.items()
    }
