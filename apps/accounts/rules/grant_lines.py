"""Grants of a subset as a person types them on a page: one grant a line, `areas 12 15; people 7`."""

from collections.abc import Iterable, Mapping, Sequence

# The word on the page -> the condition's name.
WORDS = {
    "areas": "practice_area_ids",
    "people": "timekeeper_ids",
    "groups": "group_ids",
    "clients": "client_ids",
}
_LARGEST_ID = 2**63 - 1
_MOST_LINES, _MOST_IDS = 50, 500


class GrantLineNotUnderstood(ValueError):
    """A line is no grant; the message names it and says what was expected."""


def read_grants(text: str) -> tuple[dict[str, list[int]], ...]:
    """Return the grants of a text, one a line, empty lines left out. Raises GrantLineNotUnderstood."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > _MOST_LINES:
        raise GrantLineNotUnderstood(f"At most {_MOST_LINES} grants.")
    return tuple(_read_line(position, line) for position, line in enumerate(lines, start=1))


def write_grants(grants: Iterable[Mapping[str, Sequence[int]]]) -> str:
    """Return grants as lines, as `read_grants` reads them."""
    names = {condition: word for word, condition in WORDS.items()}
    return "\n".join(
        "; ".join(f"{names[name]} {' '.join(str(each) for each in ids)}" for name, ids in grant.items() if ids)
        for grant in grants
    )


def _read_line(position: int, line: str) -> dict[str, list[int]]:
    grant: dict[str, list[int]] = {name: [] for name in WORDS.values()}
    for part in line.split(";"):
        word, _, numbers = part.strip().partition(" ")
        if word not in WORDS:
            raise GrantLineNotUnderstood(f"Line {position}: begin with one of {', '.join(WORDS)}.")
        grant[WORDS[word]] += [_read_id(position, number) for number in numbers.replace(",", " ").split()]
        if not grant[WORDS[word]] or len(grant[WORDS[word]]) > _MOST_IDS:
            raise GrantLineNotUnderstood(f"Line {position}: name Clio's numbers behind `{word}`, at most {_MOST_IDS}.")
    return grant


def _read_id(position: int, text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 20 and 1 <= int(text) <= _LARGEST_ID):
        raise GrantLineNotUnderstood(f"Line {position}: {text[:30]!r} is no number of Clio's.")
    return int(text)
