"""The rival: dlt with its `merge`, the same fields of the same records from the same server into the same database.

Run in an environment of its own (requirements-bench.in), which knows nothing of this product. Anyone may improve it.
One resource, page after page, nested objects flattened one level as its tables have them, and its own settings.
"""

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from typing import Any

import dlt  # type: ignore[import-not-found]  # in an environment of its own
import requests

FIELDS = (
    "id,etag,type,date,quantity,rounded_quantity,quantity_in_hours,rounded_quantity_in_hours,quantity_redacted,price,"
    "total,non_billable,non_billable_total,no_charge,flat_rate,contingency_fee,billed,on_bill,note,reference,tax_setting,"
    "created_at,updated_at,user{id,name},matter{id,display_number},activity_description{id,name},"
    "expense_category{id,name},bill{id,number,state},vendor{id,name},task{id},calendar_entry{id}"
)


@dlt.resource(name="activities", write_disposition="merge", primary_key="id", max_table_nesting=0)  # type: ignore[untyped-decorator]
def activities(host: str, token: str) -> Iterator[list[dict[str, Any]]]:
    """Yield page after page."""
    session = requests.Session()
    session.headers["Authorization"] = f"Bearer {token}"
    url: str | None = f"{host}/api/v4/activities.json?limit=200&order=id(asc)&fields={FIELDS}"
    while url:
        content = session.get(url, timeout=60).json()
        yield content["data"]
        url = content["meta"]["paging"].get("next")


def main() -> None:
    """Load once into an empty dataset and print how many records and seconds it took."""
    target = dlt.destinations.postgres(os.environ["RIVAL_DATABASE"])
    with tempfile.TemporaryDirectory() as folder:
        pipeline = dlt.pipeline("rival", destination=target, dataset_name="rival", pipelines_dir=folder)
        started = time.perf_counter()
        pipeline.run(activities(sys.argv[1], os.environ["RIVAL_TOKEN"]))
        seconds = time.perf_counter() - started
        with pipeline.sql_client() as client:
            count = client.execute_sql("SELECT count(*) FROM activities")[0][0]
    print(count, seconds)  # noqa: T201 - read by the bench


if __name__ == "__main__":
    main()
