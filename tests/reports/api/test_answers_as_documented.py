"""Answers of reports are what the API's document says of them: every field, no other, in the very shape it names."""

import copy
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from drf_spectacular.generators import SchemaGenerator
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]  # no stubs installed
from rest_framework.test import APIClient

from apps.reports.metrics.catalogue import RESTATED
from apps.reports.queries.quality.checks import CHECKS
from apps.reports.rules.kept_tables import TABLES
from apps.reports.services.keep_forecasts import keep_forecasts
from apps.reports.services.rebuild_ledger import rebuild_ledger
from apps.reports.services.take_snapshot import take_due_snapshot
from apps.reports.standard.catalogue import REPORTS
from tests.clio.mirror.writing import write
from tests.reports.conftest import DATASETS, NOON, golden
from tests.reports.mirror import fill_mirror

pytestmark = pytest.mark.django_db
Client = Callable[[Any], APIClient]
FIRM = "/api/v1/firms/{firm_id}"
MARCH = {"period": "2025-03"}
BESIDE = {"compare": "prior_period", "grain": "week"}


@pytest.fixture(scope="module")
def document() -> Any:
    return strict(copy.deepcopy(SchemaGenerator().get_schema(request=None, public=True)))


def strict(schema: Any) -> Any:
    """Return the document with every object closed: a field it does not name is a fault."""
    if isinstance(schema, dict):
        if schema.get("type") == "object" and "properties" in schema:
            schema.setdefault("additionalProperties", False)
        for each in schema.values():
            strict(each)
    if isinstance(schema, list):
        for each in schema:
            strict(each)
    return schema


class Reader:
    """Somebody of the firm who holds every answer against the document."""

    def __init__(self, client: APIClient, firm_id: Any, document: Any) -> None:
        self._client, self._firm_id, self._document = client, firm_id, document

    def get(self, path: str, place: str = "", **parameters: str) -> Any:
        """path: as the document has it; place: of what it names besides the firm."""
        return self._held(self._client.get(self._address(path, place), parameters), path, "get")

    def post(self, path: str, body: Any, place: str = "") -> Any:
        return self._held(self._client.post(self._address(path, place), body, format="json"), path, "post")

    def _address(self, path: str, place: str) -> str:
        address = path.replace("{firm_id}", str(self._firm_id))
        return f"{address.partition('{')[0]}{place}{address.partition('}')[2]}"

    def _held(self, answer: Any, path: str, method: str) -> Any:
        assert answer.status_code in (200, 201), (path, answer.content)
        said = self._document["paths"][path][method]["responses"][str(answer.status_code)]
        schema = {**said["content"]["application/json"]["schema"], "components": self._document["components"]}
        validator = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
        body = answer.json()
        assert [f"{path} {error.json_path}: {error.message[:200]}" for error in validator.iter_errors(body)] == []
        return body


@pytest.fixture
def reader(cast: Any, api: Client, build: Callable[..., Any], document: Any) -> Reader:
    records = golden("march")
    records["bank_accounts"] = [{"id": 91, "type": "Trust", "name": "IOLTA", "currency": "USD", "balance": 250}]
    records["bank_transactions"] = [
        {
            "id": 9100, "date": "2025-03-03", "amount": 250, "funds_in": 250, "funds_out": 0, "source": "",
            "description": "", "bank_account": {"id": 91, "type": "Trust"}, "matter": {"id": 301},
        }
    ]  # fmt: skip
    build(records)
    return Reader(api(cast.owner), cast.firm.public_id, document)


def questions() -> Iterator[dict[str, str]]:
    """Yield a question per metric, by its dimensions in turn, with all that may stand beside a figure."""
    for place, metric in enumerate(RESTATED):
        dimension = sorted(metric.dims)[place % len(metric.dims)]
        yield {"metrics": metric.name, "dimensions": dimension, **MARCH, **BESIDE}
    details = "matter.client,matter.opened_on,bill.due_on,bill.payer"
    yield {"metrics": "collected,billed", "dimensions": "client,matter,bill", "details": details, "subtotals": "true"}
    yield {"metrics": "billed", "grain": "month", "period": "2025-01-01..2025-03-31", "compare": "average_of_3"}


def test_answers_of_questions(reader: Reader) -> None:
    shapes = set()
    for question in questions():
        body = reader.get(f"{FIRM}/query", **question)
        shapes |= {type(figure) for row in body["rows"] for figure in row["figures"].values()}
    assert shapes == {str, float, type(None)}


def test_money_is_text_and_nothing_else_is(reader: Reader) -> None:
    for question in questions():
        body = reader.get(f"{FIRM}/query", **question)
        units = {column["key"]: column["unit"] for column in body["columns"]}
        for row in [*body["rows"], *([body["total"]] if body["total"] else [])]:
            for kind in ("figures", "compared", "difference"):
                for key, figure in row[kind].items():
                    assert figure is None or isinstance(figure, str) == (units[key] == "money"), (key, figure)


def test_reports(reader: Reader) -> None:
    reader.get(f"{FIRM}/reports")
    for report in (each for each in REPORTS if each.tables and each.key not in ("period_close", "write_offs")):
        mode = {} if report.key != "wip_written_off" else {"mode": "as_reported"}
        reader.get(f"{FIRM}/reports/{{report_key}}", report.key, **MARCH, **mode)
    reader.get(f"{FIRM}/reports/overview", **MARCH)
    reader.get("/api/v1/metrics")


def test_explanations(reader: Reader) -> None:
    kinds = set()
    for metric in RESTATED:
        item = next(iter(metric.items))
        body = reader.get(f"{FIRM}/explain", item=f"{metric.name}.{item}", **MARCH)
        kinds |= {row["kind"] for row in body["results"]}
        assert all(row["words"] for row in body["results"])
    assert len(kinds) > 5


def test_leaderboard_forecast_quality_and_snapshots(reader: Reader, cast: Any) -> None:
    for metric in ("billed", "utilization", "recorded_hours"):
        assert reader.get(f"{FIRM}/leaderboard", metric=metric, **MARCH)["rows"]
    keep_forecasts(firm_id=cast.firm.firm_id, now=NOON)
    reader.get(f"{FIRM}/forecast")
    reader.get(f"{FIRM}/data-quality")
    for check in CHECKS:
        reader.get(f"{FIRM}/data-quality/{{check}}", check.key)
    midnight = datetime(2025, 4, 1, 4, tzinfo=UTC)
    fill_mirror(cast.firm.firm_id, golden("march"), synced_at=midnight)
    rebuild_ledger(firm_id=cast.firm.firm_id, now=midnight)
    take_due_snapshot(firm_id=cast.firm.firm_id, now=midnight)
    assert reader.get(f"{FIRM}/snapshots")["results"]


def test_closed_months(reader: Reader, cast: Any) -> None:
    made = reader.post(f"{FIRM}/closes", {"month": "2025-02"})
    march = json.loads((DATASETS / "golden_march.json").read_text())
    entry = next(each for each in march["activities"] if each["date"] == "2025-02-10")
    write(cast.firm, "activities", entry | {"id": 77_001, "date": "2025-02-27", "bill": None})
    assert rebuild_ledger(firm_id=cast.firm.firm_id, now=NOON).status == "built"

    reader.get(f"{FIRM}/closes")
    reader.get(f"{FIRM}/closes/{{close_id}}", made["id"])
    changed = reader.get(f"{FIRM}/closes/{{close_id}}/adjustments", made["id"], item="recorded_hours.total")
    assert changed["results"][0]["words"].startswith("Billable time, 2025-02-27")
    reader.get(f"{FIRM}/query", metrics="billed,utilization", period="2025-02", mode="as_reported")
    reader.post(f"{FIRM}/closes/{{close_id}}/reopen", {"reason": "a late entry"}, made["id"])


def test_reports_of_the_firm(reader: Reader) -> None:
    table = {"key": "clients", "title": "Clients", "columns": ["billed.total"], "group_by": ["client"]}
    made = reader.post(f"{FIRM}/custom-reports", {"title": "Ours", "tables": [table]})

    reader.get(f"{FIRM}/custom-reports")
    reader.get(f"{FIRM}/custom-reports/{{report_id}}", made["id"])
    reader.get(f"{FIRM}/custom-reports/{{report_id}}/versions", made["id"])
    reader.get(f"{FIRM}/custom-reports/{{report_id}}/answer", made["id"], **MARCH)


def test_what_the_firm_keeps(reader: Reader) -> None:
    reader.get(f"{FIRM}/settings/rules")
    for table in TABLES:
        reader.get(f"{FIRM}/settings/{table.slug}")
    row = {"measure": "billed", "month": "2025-03", "currency": "USD", "amount": "1000"}
    body = reader.post(f"{FIRM}/settings/targets", {"rows": [row], "dry_run": True})
    assert body["added"] == 1
