"""What the demo firm keeps beside Clio: targets, pay, list prices, shared credit; sent as a firm's people send it.

The figures are made up and plain: a partner's hour is dearer than an associate's, next year's plan a little above this
year's. A row names people the numbers know, so rows are kept when the first numbers are there; they join them a moment
later.
"""

import csv
import io
import tempfile
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.core.management import call_command

from smarterfirms.demo.person import Owner

_Rows = list[dict[str, Any]]
_MONTHLY_HOURS, _OTHERS_HOURS = 110, 75
_PLANNED_PER_HEAD = Decimal(21_000)
_EXPECTED_HOURS = 1_720
_MOST_SHARED = 4


def keep_books(owner: Owner, *, today: date) -> None:
    """Keep a year's targets, and who earns, costs and shares what; what is kept already stays as it is."""
    if owner.read("target-hours"):
        return
    everybody = owner.read("users?page_size=100")["results"]
    people = [each for each in everybody if each["enabled"]]
    companies = owner.read("contacts?type=Company&page_size=20")["results"]
    january, before = date(today.year - 1, 1, 1), date(today.year - 3, 1, 1)
    owner.keep("standard-rates", _list_prices(everybody, before))
    _keep_pay(owner, _pay(everybody, before))
    hours = {each["id"]: _MONTHLY_HOURS if _is_attorney(each) else _OTHERS_HOURS for each in people}
    owner.keep("targets", _targets(len(people), sum(hours.values()), today))
    owner.keep("fee-splits", [{"starts_on": f"{january}", "worked": "60", "originating": "25", "responsible": "15"}])
    owner.keep("credit-splits", _shared_credit(people, companies, january))
    for person, monthly_hours in hours.items():
        owner.aim(timekeeper_id=person, from_month=f"{january:%Y-%m}", monthly_hours=monthly_hours)


def _keep_pay(owner: Owner, rows: _Rows) -> None:
    """Keep pay as an operator takes a firm's file in: over the API it needs a second step, which the owner has not."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "cost-rates.csv"
        with path.open("w", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
        call_command("import_firm_table", "cost-rates", path, firm=owner.firm_id, by=owner.email, stdout=io.StringIO())


def _is_attorney(person: Mapping[str, Any]) -> bool:
    return bool(person["subscription_type"] == "Attorney")


def _rate(person: Mapping[str, Any]) -> Decimal:
    return Decimal(person["rate"] or 0) or Decimal(150)


def _list_prices(people: Sequence[Mapping[str, Any]], since: date) -> _Rows:
    """Return list prices a little above what people are billed at, to the next five."""
    return [
        {"timekeeper_id": each["id"], "starts_on": f"{since}", "rate": f"{_rate(each) * 21 // 100 * 5 + 5}"}
        for each in people
    ]


def _pay(people: Sequence[Mapping[str, Any]], since: date) -> _Rows:
    """Return pay in proportion to the rate, with benefits of 18% and a fixed share of overhead."""
    pays = {each["id"]: _rate(each) * (360 if _is_attorney(each) else 420) // 1000 * 1000 for each in people}
    return [
        {
            "timekeeper_id": person,
            "starts_on": f"{since}",
            "pay": f"{pay}",
            "benefits": f"{pay * 18 // 100}",
            "overhead": "38000",
            "expected_hours": f"{_EXPECTED_HOURS}",
        }
        for person, pay in pays.items()
    ]


def _targets(people: int, hours: int, today: date) -> _Rows:
    """Return the firm's plan for every month of last year and this, the second 6% above the first."""
    rows: _Rows = []
    for year, raised in ((today.year - 1, Decimal(1)), (today.year, Decimal("1.06"))):
        billed = (_PLANNED_PER_HEAD * people * raised).quantize(Decimal(1))
        plan = {"billed": billed, "collected": billed * 92 // 100, "new_matters": people, "hours": hours}
        rows += [
            {"month": f"{year}-{month:02d}", "measure": measure, "amount": f"{amount}"}
            for month in range(1, 13)
            for measure, amount in plan.items()
        ]
    return rows


def _shared_credit(people: Sequence[Mapping[str, Any]], companies: Sequence[Mapping[str, Any]], since: date) -> _Rows:
    """Return the origination of some companies, shared by two attorneys each."""
    attorneys = [each["id"] for each in people if _is_attorney(each)]
    if len(attorneys) < 2:
        return []
    shared = {"role": "originating", "starts_on": f"{since}"}
    return [
        {**shared, "client_id": company["id"], "timekeeper_id": attorneys[(place + second) % len(attorneys)], **share}
        for place, company in enumerate(companies[:_MOST_SHARED])
        for second, share in enumerate(({"percent": "65"}, {"percent": "35"}))
    ]
