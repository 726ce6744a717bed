"""Put away what a firm kept about records of a Clio account it lets go of: the ids may mean others in the next one."""

from django.db import connection
from django.db.models import F
from django.db.models.functions import Now

from apps.core import audit
from apps.reports import models
from apps.reports.contracts.kept import IDS, KeptTable
from apps.reports.queries.kept import MODELS
from apps.reports.rules.kept_tables import TABLES

_PUT_AWAY = """
WITH gone AS (DELETE FROM {table} r WHERE r.firm_id = %(firm)s AND ({about_records}) RETURNING r.*)
INSERT INTO reports_former_kept_row (firm_id, table_name, row)
SELECT gone.firm_id, %(name)s, to_jsonb(gone) - 'id' - 'firm_id' FROM gone
"""


def put_away_kept_rows(firm_id: int) -> int:
    """Move every row that names a record of Clio's out of the firm's tables and return how many there were.

    Rows of the firm as a whole stay. Each table that lost rows has a new version and an entry in the trail; what was
    put away leaves with the firm's export. Call it inside the firm's transaction.
    """
    return sum(_put_away(firm_id, table) for table in TABLES)


def _put_away(firm_id: int, table: KeptTable) -> int:
    named = [column.name for column in table.columns if column.kind in IDS]
    if not named:
        return 0
    statement = _PUT_AWAY.format(
        table=MODELS[table.name]._meta.db_table,
        about_records=" OR ".join(f"r.{name} IS NOT NULL" for name in named),
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, {"firm": firm_id, "name": table.name})
        count: int = cursor.rowcount
    if count:
        versions = models.SettingsVersion.objects.filter(firm_id=firm_id, subject=table.name)
        versions.update(version=F("version") + 1, changed_at=Now(), changed_by=None)
        audit.record("reports.kept_rows_put_away", firm_id=firm_id, target=f"settings:{table.name}", rows=count)
    return count
