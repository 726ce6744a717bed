"""The command line of the sandbox, the same for manage.py and python -m."""

from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Callable
from datetime import date
from pathlib import Path

from apps.clio.sandbox.authority import Application
from apps.clio.sandbox.faults import parse_faults
from apps.clio.sandbox.firm.found import DEFAULT_UNTIL
from apps.clio.sandbox.levers import FASTEST
from apps.clio.sandbox.rate_limit import PEAKS
from apps.clio.sandbox.sandbox import THIRTY_DAYS
from apps.clio.sandbox.webhooks.settings import HANDSHAKES, SIGNATURES, parse_webhook_faults


def add_options(parser: ArgumentParser) -> None:
    """Add the options to a parser."""
    known = Application()
    firm = parser.add_argument_group("the firm")
    firm.add_argument("--seed", type=int, default=7, help="same seed, same firm, to the byte")
    firm.add_argument("--timekeepers", type=_whole(1, 500), default=12)
    firm.add_argument("--years", type=_whole(1, 20), default=3)
    firm.add_argument("--until", type=_day, default=DEFAULT_UNTIL, help="last day of the firm's history")
    firm.add_argument("--dataset", type=Path, help="serve the records of this JSON file instead")
    server = parser.add_argument_group("the server")
    server.add_argument("--host", default="127.0.0.1")
    server.add_argument("--port", type=_whole(0, 65_535), default=8801)
    server.add_argument("--rate-limit", type=_whole(0, 1_000_000), default=50, help="requests a minute; 0 is off")
    server.add_argument(
        "--off-peak-limit", type=_whole(0, 1_000_000), default=0, help="outside office hours; 0: the same all day"
    )
    server.add_argument("--region", choices=tuple(PEAKS), default="us", help="its tokens are good nowhere else")
    server.add_argument("--live", type=_whole(0, FASTEST), default=0, help="acts a minute of the firm at work")
    server.add_argument(
        "--faults", type=_faults, default=(), help="odds per request, such as 429:0.02,slow:0.1,drop:0.01"
    )
    server.add_argument("--expires-in", type=_whole(1, 10 * THIRTY_DAYS), default=THIRTY_DAYS, help="seconds")
    server.add_argument("--gzip", action="store_true", help="compress answers for callers who accept it")
    hooks = parser.add_argument_group("webhooks")
    hooks.add_argument("--webhook-signature", choices=SIGNATURES, default="hex")
    hooks.add_argument("--webhook-handshake", choices=HANDSHAKES, default="after", help="or before the POST returns")
    hooks.add_argument("--webhook-time-scale", type=float, default=1.0, help="factor on the pauses between retries")
    hooks.add_argument(
        "--webhook-faults", type=_webhook_faults, default={}, help="shares, such as duplicate:0.1,reorder:0.2,drop:0.05"
    )
    oauth = parser.add_argument_group("the application")
    oauth.add_argument("--app-name", default=known.name, help="shown on the consent page")
    oauth.add_argument("--rotate-refresh-tokens", action="store_true", help="Clio's do not rotate, as far as is known")
    oauth.add_argument("--client-id", default=known.client_id)
    oauth.add_argument("--client-secret", default=known.client_secret)
    oauth.add_argument("--deauthorization-url", default="", help="called when somebody removes the application in Clio")
    oauth.add_argument("--redirect-uri", action="append", default=[], help="repeatable; none given: any is taken")


def _whole(low: int, high: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        number = int(text)
        if not low <= number <= high:
            raise ArgumentTypeError(f"must be between {low:,} and {high:,}")
        return number

    parse.__name__ = "number"
    return parse


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as problem:
        raise ArgumentTypeError(str(problem)) from problem


def _faults(text: str) -> tuple[tuple[str, float], ...]:
    try:
        return parse_faults(text)
    except ValueError as problem:
        raise ArgumentTypeError(str(problem)) from problem


def _webhook_faults(text: str) -> dict[str, float]:
    try:
        return parse_webhook_faults(text)
    except ValueError as problem:
        raise ArgumentTypeError(str(problem)) from problem
