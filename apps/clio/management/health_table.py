"""A firm's health at a terminal: what is not well, then entity by entity."""

from collections.abc import Iterable
from datetime import datetime

from rich import box
from rich.console import Console, Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from apps.clio.contracts import ClioHealth, EntityHealth, WebhookHealth
from apps.clio.rules.health import lag_in_words

_GOOD, _WARN, _BAD, _SOFT = "green", "yellow", "red", "dim"
_NOTHING = "\N{EN DASH}"
_FRESH_SECONDS, _OLD_SECONDS = 3_600, 6 * 3_600


def firm_in_full(name: str, health: ClioHealth) -> Group:
    """Return one firm's health to be printed."""
    head = Text.assemble(_mark(health), " ", (name, "bold"), "  ", (health.summary, "" if health.is_well else _BAD))
    parts: list[object] = [head, Padding(Text(_facts(health), style=_SOFT), (0, 0, 0, 2))]
    for concern in health.concerns:
        style = _BAD if concern.is_serious else _WARN
        words = Text.assemble(("● ", style), (concern.title, style), "\n  ", (concern.advice, _SOFT))
        parts.append(Padding(words, (1, 0, 0, 2)))
    parts += [Padding(_entities(health), (1, 0, 0, 1))]
    if health.webhooks:
        parts.append(Padding(_webhooks(health.webhooks, health.looked_at), (1, 0, 0, 1)))
    return Group(*parts)  # type: ignore[arg-type]  # renderables of several kinds


def firms_in_short(rows: Iterable[tuple[str, ClioHealth]]) -> Table:
    """Return a line per firm."""
    table = Table(box=box.SIMPLE_HEAD, header_style="bold", pad_edge=False)
    for title, justify in (("Firm", "left"), ("Age", "right"), ("Records", "right"), ("Webhooks", "left")):
        table.add_column(title, justify=justify)  # type: ignore[arg-type]  # rich's word for it is a literal
    table.add_column("How it is", ratio=1)
    for name, health in rows:
        records = sum(each.records for each in health.entities)
        table.add_row(
            Text.assemble(_mark(health), " ", name),
            _age(health.lag_seconds),
            f"{records:,}",
            _hearing(health),
            Text(health.summary, style="" if health.is_well else _BAD),
        )
    return table


def print_health(renderable: object, *, file: object = None, width: int | None = None) -> None:
    """Print to the terminal, or plainly into what is no terminal."""
    Console(file=file, width=width).print(renderable)  # type: ignore[arg-type]  # Django's wrapper writes text


def _mark(health: ClioHealth) -> Text:
    if not health.is_well:
        return Text("✗", style=_BAD)
    return Text("!", style=_WARN) if health.concerns else Text("✓", style=_GOOD)


def _facts(health: ClioHealth) -> str:
    facts = []
    if health.connection:
        facts.append(f"Clio {health.connection.region.upper()} as {health.connection.clio_user_name}")
    if health.run_state:
        facts.append(f"last run {health.run_state}")
    if health.pace:
        facts.append(f"{health.pace.remaining} of {health.pace.allowed_per_minute} requests left this minute")
    if health.next_comparison_at:
        facts.append(f"compared again {health.next_comparison_at:%b %d, %H:%M} UTC")
    return "  ·  ".join(facts)


def _entities(health: ClioHealth) -> Table:
    table = Table(box=box.SIMPLE_HEAD, header_style="bold", pad_edge=False)
    columns = ("Records", "Here", "Age", "Compared", "Gone", "Missed", "Held")
    for number, title in enumerate(columns):
        table.add_column(title, justify="left" if number == 0 else "right")
    table.add_column("")
    for each in health.entities:
        drift = each.drift
        table.add_row(
            each.label,
            f"{each.records:,}" if each.last_success_at else Text(_NOTHING, style=_SOFT),
            _age(each.lag_seconds),
            _ago(drift.checked_at if drift else None, health.looked_at),
            _count(drift.gone if drift else 0, _WARN),
            _count(drift.missed if drift else 0, _BAD),
            _count(each.held, _BAD),
            _remark(each),
        )
    return table


def _remark(each: EntityHealth) -> Text:
    if each.refused:
        return Text(each.refused, style=_BAD)
    if each.drift and each.drift.state != "done":
        return Text(each.drift.detail, style=_WARN)
    return Text("" if each.last_success_at else "not read yet", style=_SOFT)


def _webhooks(webhooks: Iterable[WebhookHealth], now: datetime) -> Table:
    table = Table(box=box.SIMPLE_HEAD, header_style="bold", pad_edge=False)
    for number, title in enumerate(("Webhook", "State", "Heard", "Waiting")):
        table.add_column(title, justify="left" if number < 2 else "right")
    for each in webhooks:
        style = _GOOD if each.state == "enabled" else _WARN if each.state == "opening" else _BAD
        heard = _ago(each.last_heard_at, now)
        table.add_row(each.model.replace("_", " "), Text(each.state, style=style), heard, _count(each.waiting, _WARN))
    return table


def _hearing(health: ClioHealth) -> Text:
    if not health.webhooks:
        return Text("none", style=_SOFT)
    enabled = sum(each.state == "enabled" for each in health.webhooks)
    return Text(f"{enabled} of {len(health.webhooks)}", style=_GOOD if enabled == len(health.webhooks) else _WARN)


def _age(seconds: int | None) -> Text:
    if seconds is None:
        return Text(_NOTHING, style=_SOFT)
    style = _GOOD if seconds < _FRESH_SECONDS else _BAD if seconds > _OLD_SECONDS else _WARN
    return Text(lag_in_words(seconds), style=style)


def _ago(instant: datetime | None, now: datetime) -> Text:
    return (
        Text(_NOTHING, style=_SOFT) if instant is None else Text(f"{lag_in_words((now - instant).total_seconds())} ago")
    )


def _count(count: int, style: str) -> Text:
    return Text(f"{count:,}", style=style) if count else Text(_NOTHING, style=_SOFT)
