"""Text in an answer that no database can hold: bytes that are not UTF-8, or half of a surrogate pair."""

import json
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OddText:
    """That there is such text, and the id of the record it is in, if it is in one."""

    record_id: int | None


def find_odd_text(body: bytes) -> OddText | None:
    """Return where the first such text of an answer is; None when it has none or is not whole JSON."""
    try:
        content = json.loads(body.decode("utf-8", "surrogateescape"))  # a bad byte becomes half a pair
    except ValueError:
        return None
    if not _is_odd(content):
        return None
    records = content.get("data") if isinstance(content, dict) else content
    odd = (each for each in records if _is_odd(each)) if isinstance(records, list) else iter(())
    record = next(odd, None)
    number = record.get("id") if isinstance(record, dict) else None
    return OddText(number if isinstance(number, int) else None)


def _is_odd(content: object) -> bool:
    try:
        json.dumps(content, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return True
    return False
