"""The rival: DuckDB over the same ledger in Parquet, sorted by date, warm, with two threads. Anyone may improve it.

Run in an environment of its own (requirements-bench.in): `numbers_duckdb.py FOLDER FIRST LAST`, the folder holding a
CSV of each table of the ledger. Says `ready` once it is warm, then answers each line it is given with the milliseconds
of all statements of the overview together.
"""

import sys
import time
from pathlib import Path

import duckdb  # type: ignore[import-not-found]  # in an environment of its own

SORTED_BY = {
    "time": "worked_on", "expense": "worked_on", "line": "issued_on", "settle": "settled_on", "bill": "issued_on",
    "interest": "charged_on", "employment": "timekeeper_id",
}  # fmt: skip
OVERVIEW = (
    """
    WITH hours AS (
        SELECT date_trunc('month', worked_on) AS month, timekeeper_id,
               sum(seconds) FILTER (work_class = 'billable') AS billable,
               sum(seconds) FILTER (work_class = 'no_charge') AS no_charge, sum(seconds) AS recorded,
               count(*) FILTER (is_agreed_fee) AS agreed, count(*) FILTER (seconds IS NULL) AS hidden
        FROM time WHERE worked_on BETWEEN $first AND $last GROUP BY 1, 2
    ), capacity AS (
        SELECT date_trunc('month', day) AS month, timekeeper_id, count(*) * 8 * 3600 AS available
        FROM employment, (SELECT unnest(generate_series($first::date, $last::date, INTERVAL 1 DAY)) AS day)
        WHERE isodow(day) < 6 AND day >= starts_on AND day <= coalesce(ends_on, 'infinity') GROUP BY 1, 2
    )
    SELECT month, sum(billable), sum(no_charge), sum(recorded), sum(agreed), sum(hidden), sum(available)
    FROM capacity FULL JOIN hours USING (month, timekeeper_id) GROUP BY ROLLUP (month)
    """,
    """
    SELECT currency, date_trunc('month', issued_on) AS month, item, billing_method, is_no_charge, sum(net), sum(hours),
           sum(worked), count(*) FILTER (worked IS NULL)
    FROM line WHERE issued_on BETWEEN $first AND $last GROUP BY ROLLUP (currency, month, item, billing_method, 5)
    """,
    (
        "SELECT currency, date_trunc('month', charged_on::date) AS month, sum(amount::bigint) FROM interest "
        "WHERE charged_on::date BETWEEN $first AND $last GROUP BY ROLLUP (currency, month)"
    ),
    """
    SELECT currency, date_trunc('month', settled_on) AS month, kind, item, sum(net), sum(tax + secondary_tax)
    FROM settle WHERE settled_on BETWEEN $first AND $last GROUP BY ROLLUP (currency, month, kind, item)
    """,
    """
    SELECT currency, date_trunc('month', issued_on) AS month, kind, item, sum(net),
           sum(net) FILTER (settled_on <= issued_on + 90)
    FROM settle WHERE issued_on BETWEEN $first AND $last AND settled_on <= $last
    GROUP BY ROLLUP (currency, month, kind, item)
    """,
    """
    SELECT currency, unbilled_as, sum(value), count(*) FILTER (value IS NULL)
    FROM (SELECT currency, unbilled_as, value, worked_on, billed_on FROM time UNION ALL
          SELECT currency, unbilled_as, value, worked_on, billed_on FROM expense)
    WHERE unbilled_as IS NOT NULL AND worked_on <= $last AND (billed_on IS NULL OR billed_on > $last)
    GROUP BY ROLLUP (currency, unbilled_as)
    """,
    """
    WITH owed AS (
        SELECT b.currency, b.principal - coalesce(s.settled, 0) AS balance,
               $last::date - coalesce(b.due_on, b.issued_on) AS age
        FROM bill b LEFT JOIN (SELECT bill_id, sum(net + tax + secondary_tax) AS settled FROM settle
                               WHERE settled_on <= $last GROUP BY 1) s USING (bill_id)
        WHERE b.issued_on <= $last AND (b.closed_on IS NULL OR b.closed_on > $last)
    )
    SELECT currency, sum(balance) FILTER (balance > 0), -sum(balance) FILTER (balance < 0),
           sum(balance) FILTER (balance > 0 AND age <= 0), sum(balance) FILTER (balance > 0 AND age BETWEEN 1 AND 30),
           sum(balance) FILTER (balance > 0 AND age BETWEEN 31 AND 60),
           sum(balance) FILTER (balance > 0 AND age BETWEEN 61 AND 90), sum(balance) FILTER (balance > 0 AND age > 90)
    FROM owed GROUP BY currency
    """,
)


def main() -> None:
    """Load, warm up, and measure once for each line that comes."""
    folder, first, last = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
    base = duckdb.connect()
    base.execute("SET threads = 2")
    for table, key in SORTED_BY.items():
        source, target = folder / f"{table}.csv", folder / f"{table}.parquet"
        base.execute(
            f"COPY (SELECT * FROM read_csv('{source}', header = true, sample_size = -1) ORDER BY {key}) "  # noqa: S608 - our own names
            f"TO '{target}' (FORMAT parquet)"
        )
        base.execute(f"CREATE VIEW {table} AS SELECT * FROM read_parquet('{target}')")  # noqa: S608 - as above
    _once(base, {"first": first, "last": last})
    print("ready", flush=True)  # noqa: T201 - read by the bench
    for _ in sys.stdin:
        print(_once(base, {"first": first, "last": last}), flush=True)  # noqa: T201 - as above


def _once(base: "duckdb.DuckDBPyConnection", values: dict[str, str]) -> float:
    started = time.perf_counter()
    for statement in OVERVIEW:
        named = {name: value for name, value in values.items() if f"${name}" in statement}
        base.execute(statement, named).fetchall()
    return (time.perf_counter() - started) * 1000


if __name__ == "__main__":
    main()
