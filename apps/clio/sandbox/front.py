"""The page at the sandbox's root: what it serves, who is connected, what goes wrong, and which levers there are."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from apps.clio.sandbox import control, levers
from apps.clio.sandbox.entities import ENTITIES
from apps.clio.sandbox.front_style import STYLE
from apps.clio.sandbox.live.shift import Shift
from apps.clio.sandbox.rate_limit import RateLimit
from apps.clio.sandbox.sight import Access
from apps.clio.sandbox.store import Store
from apps.clio.sandbox.webhooks.terms import MODELS

LEVER = re.compile(r"^(GET|POST|PUT|PATCH|DELETE)\s+(/sandbox\S*)\s+(.+)$", re.MULTILINE)
HEARD = {name: model for model, name in MODELS.items() if name}
LATEST = 8


@dataclass(frozen=True, slots=True)
class Front:
    """Everything the page shows. grants: grant -> user. requests: path -> count."""

    store: Store
    base_url: str
    region: str
    client_id: str
    grants: Mapping[str, int]
    rate_limit: RateLimit
    faults: Mapping[str, Any]
    webhooks: Mapping[str, Any]
    shift: Shift
    access: Access
    requests: Mapping[str, int]


def front_page(front: Front) -> str:
    """Return the page as HTML."""
    firm = escape(front.store.firm_name)
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{firm} · Clio sandbox</title><style>{STYLE}</style></head><body>"
        '<a class="skip" href="#records">Skip to the records</a>'
        f"<header><p class=mark>Clio sandbox · region {escape(front.region.upper())}</p><h1>{firm}</h1>"
        "<p>An invented law firm behind Clio's API, version 4. No real account is involved, and nothing leaves this "
        f"machine but webhooks.</p><p class=base>API <code>{escape(front.base_url)}/api/v4</code> "
        f"OAuth <code>{escape(front.base_url)}/oauth/authorize</code> client <code>{escape(front.client_id)}</code></p>"
        f"</header><main>{_tiles(front)}{_records(front)}{_connections(front)}{_webhooks(front.webhooks)}"
        f"{_trouble(front)}{_work(front.shift)}{_levers()}</main>"
        '<footer><p>The page shows the moment it was asked for. <a href="/">Look again</a></p></footer></body></html>'
    )


def _tiles(front: Front) -> str:
    tables = front.store.tables.values()
    limit = front.rate_limit.current(front.rate_limit.clock())
    tiles = (
        (f"{sum(len(table.rows) for table in tables):,}", "records"),
        (f"{len(front.grants):,}", "connections"),
        (f"{sum(front.requests.values()):,}", "requests"),
        (f"{limit:,}/min" if limit else "off", "rate limit per token"),
        (f"{front.webhooks['waiting']:,}", "webhook deliveries waiting"),
        (f"{front.shift.per_minute:,}/min" if front.shift.per_minute else "at rest", "the firm at work"),
    )
    cells = "".join(f"<div><dt>{text}</dt><dd>{value}</dd></div>" for value, text in tiles)
    return f'<dl class="tiles">{cells}</dl>'


def _records(front: Front) -> str:
    front.store.derive()
    rows = []
    for name, entity in ENTITIES.items():
        count = len(front.store.tables[name].rows)
        rows.append((
            f'<a href="/sandbox/truth/{name}"><code>{name}</code></a>', f"{count:,}",
            _yes(not entity.is_singleton), _yes(entity.has_single), _yes(entity.has_since and not entity.is_singleton),
            _yes(entity.has_ids and not entity.is_singleton),
            f"<code>{HEARD[name]}</code>" if name in HEARD else _yes(False),
        ))  # fmt: skip
    heads = ("Entity", "Records", "List", "Single", "updated_since", "ids[]", "Webhook model")
    return _section(
        "records", "Records", "Each name opens the whole truth as JSON, whoever asks.", _table(heads, rows, {1})
    )


def _connections(front: Front) -> str:
    users = front.store.tables["users"]
    at = users.entity.positions["name"]
    rows = []
    for grant, user in front.grants.items():
        row = users.find(user)
        name = str(row[at]).strip('"') if row is not None else "unknown"
        hooks = sum(1 for each in front.webhooks["webhooks"] if (each["user"] or {}).get("id") == user)
        rows.append((f"<code>{escape(grant[:6])}…</code>", escape(name), f"{user}", f"{hooks:,}"))
    text = "Grants given since the start that were not revoked. Tokens are never shown."
    return _section("connections", "Connections", text, _table(("Grant", "User", "Id", "Webhooks"), rows, {2, 3}))


def _webhooks(shown: Mapping[str, Any]) -> str:
    rows = [_webhook(each) for each in shown["webhooks"]]
    sent = ", ".join(f"{count:,} {escape(word)}" for word, count in shown["sent"].items()) or "none yet"
    settings = ", ".join(f"{name} {str(value).lower()}" for name, value in shown["settings"].items())
    text = f"Deliveries: {sent}. Settings: {settings}."
    return _section("webhooks", "Webhooks", text, _table(("Id", "Model", "Status", "Address", "Lapses"), rows, {0}))


def _webhook(each: Mapping[str, Any]) -> tuple[str, ...]:
    status = f'<span class="state {each["status"]}">{each["status"]}</span>'
    address = f'<code class="long">{escape(each["url"])}</code>'
    return str(each["id"]), f"<code>{each['model']}</code>", status, address, escape(each["expires_at"])


def _trouble(front: Front) -> str:
    rows = [(f"<code>{escape(each['kind'])}</code>", f"<code>{escape(each['path'] or 'any')}</code>",
             f"{each['times']:,}", f"{each['after']:,}") for each in front.faults["queued"]]  # fmt: skip
    odds = ", ".join(f"{escape(kind)} {share:.0%}" for kind, share in front.faults["odds"].items()) or "none"
    denied = ", ".join(sorted(front.access.denied)) or "none"
    limited = ", ".join(f"{user}: hours {each.hours}, rates {each.rates}, contacts {each.contacts}"
                        for user, each in front.access.limits.items()) or "none"  # fmt: skip
    text = f"By chance: {odds}. Permissions the application lacks: {denied}. Users who see less: {limited}."
    return _section(
        "trouble", "Faults and permissions", text, _table(("Fault", "Path", "Times", "After"), rows, {2, 3})
    )


def _work(shift: Shift) -> str:
    rows = [
        (f"{each.number:,}", f"<code>{each.act}</code>", str(each.record_id))
        for each in list(shift.recent)[::-1][:LATEST]
    ]
    text = "What happened last while the firm was at work, or by a lever."
    return _section("work", "The firm at work", text, _table(("No.", "Act", "Record"), rows, {0, 2}))


def _levers() -> str:
    found = LEVER.findall(f"{control.__doc__}\n{levers.__doc__}")
    rows = [
        (f'<span class="verb">{verb}</span>', f"<code>{escape(path)}</code>", escape(text))
        for verb, path, text in found
    ]
    text = "JSON in, JSON out; open to this machine only, and no part of Clio."
    return _section("levers", "Controls", text, _table(("Method", "Address", "What it does"), rows, set()))


def _section(name: str, title: str, text: str, content: str) -> str:
    head = f'<h2 id="{name}-title">{title}</h2><p>{text}</p>'
    return f'<section id="{name}" aria-labelledby="{name}-title">{head}{content}</section>'


def _table(heads: tuple[str, ...], rows: Sequence[tuple[str, ...]], numbers: set[int]) -> str:
    """Return a table; `numbers` are the columns of figures."""
    if not rows:
        return '<p class="none">None at the moment.</p>'
    head = "".join(f'<th scope="col"{_right(at, numbers)}>{text}</th>' for at, text in enumerate(heads))
    body = "".join(
        "<tr>" + "".join(f"<td{_right(at, numbers)}>{text}</td>" for at, text in enumerate(row)) + "</tr>"
        for row in rows
    )
    frame = f'<div class="scroll" tabindex="0" role="group" aria-label="Table by {heads[0]}">'
    return f"{frame}<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"


def _right(at: int, numbers: set[int]) -> str:
    return ' class="number"' if at in numbers else ""


def _yes(fact: bool) -> str:
    return "yes" if fact else '<span class="no">no</span>'
