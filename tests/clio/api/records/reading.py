"""Read lists to their end."""

from typing import Any

from rest_framework.test import APIClient

from apps.accounts.contracts import FirmProfile

Record = dict[str, Any]


def address(firm: FirmProfile, kind: str, **query: Any) -> str:
    """Return the address of a list."""
    text = "&".join(f"{name}={value}" for name, value in query.items())
    return f"/api/v1/firms/{firm.public_id}/{kind}" + (f"?{text}" if text else "")


def get(client: APIClient, firm: FirmProfile, kind: str, **query: Any) -> Any:
    """Return the body of a list's page, which must be one."""
    answer = client.get(address(firm, kind, **query))
    assert answer.status_code == 200, answer.content
    return answer.json()


def read_all(client: APIClient, firm: FirmProfile, kind: str, **query: Any) -> list[Record]:
    """Return every record of a list, page after page."""
    body = get(client, firm, kind, **query)
    found: list[Record] = body["results"]
    while body["next"]:
        body = client.get(body["next"]).json()
        found += body["results"]
    return found


def faults(client: APIClient, firm: FirmProfile, kind: str, **query: Any) -> list[str]:
    """Return the parameters that an answer of 400 names."""
    answer = client.get(address(firm, kind, **query))
    assert answer.status_code == 400, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    return [fault["pointer"] for fault in answer.json()["errors"]]
