"""The views reports read: every column is documented, and none is taken away."""

from pathlib import Path

from django.db import connection

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "mirror-views.md").read_text()


def documented() -> dict[str, list[str]]:
    views: dict[str, list[str]] = {}
    for row in PAGE.splitlines():
        if not row.startswith("| "):
            continue
        view, column, meaning, unit = (cell.strip() for cell in row.strip("|").split("|"))
        if view.startswith("**"):
            columns = views.setdefault(view.strip("*"), ["firm_id"])
        elif column.startswith("`"):
            assert meaning, column
            assert unit, column
            columns.append(column.strip("`"))
    return views


def test_every_column_of_every_view_is_documented_in_its_order(db):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, array_agg(attname::text ORDER BY attnum) FROM pg_class JOIN pg_attribute ON attrelid = "
            "pg_class.oid AND attnum > 0 WHERE relkind = 'v' AND relname LIKE 'clio\\_out\\_%' GROUP BY relname"
        )
        published = dict(cursor.fetchall())

    assert documented() == published
