"""What makes a long password guessable all the same: it is a common one in disguise, or a pattern.

Length and the list of 20,000 common passwords (Django's) come first; nearly all of that list is shorter than our twelve
characters, so what people do to a common password to make it long enough is undone here before it is looked up again.
"""

import re
from collections.abc import Container
from enum import Enum

_LOOKALIKES = str.maketrans("@4301!$57", "aaeoiisst")
_ROWS = ("abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertzuiop", "azertyuiop")
_OURS = ("smarterfirms", "smarterfirm", "clio")
_SHORTEST_RUN = 4
_FEWEST_SIGNS = 5
_SHORTEST_WORD = 4


class Weakness(Enum):
    """Why a password of sufficient length will be guessed, as the sentence a person reads."""

    REPEATS = "This password repeats the same few characters."
    RUNS = "This password is a row of the keyboard or of the alphabet."
    DISGUISED = "This password is a common one with a few characters added or exchanged."


def find_weakness(password: str, common: Container[str]) -> Weakness | None:
    """Return why a password is guessable, or None. common: passwords in small letters."""
    text = password.lower()
    if len(set(text)) < _FEWEST_SIGNS or _is_repetition(text):
        return Weakness.REPEATS
    if _without_runs(text) < len(text) / 3:
        return Weakness.RUNS
    if any(word in common or word in _OURS for word in _disguised_words(text)):
        return Weakness.DISGUISED
    return None


def _is_repetition(text: str) -> bool:
    return re.fullmatch(r"(.{1,8}?)\1{2,}.{0,7}", text) is not None or re.fullmatch(r"(.{5,})\1", text) is not None


def _without_runs(text: str) -> int:
    """Count the characters that are not part of a row read forwards or backwards."""
    left, at = 0, 0
    while at < len(text):
        length = _run_length(text[at:])
        if length >= _SHORTEST_RUN:
            at += length
        else:
            left, at = left + 1, at + 1
    return left


def _run_length(text: str) -> int:
    best = 0
    for row in _ROWS:
        for line in (row, row[::-1]):
            start = line.find(text[0])
            length = 0
            while start >= 0 and length < len(text) and line[start + length : start + length + 1] == text[length]:
                length += 1
            best = max(best, length)
    return best


def _disguised_words(text: str) -> set[str]:
    """Return what is left when the usual additions are taken off: digits and signs around, letters exchanged."""
    cores = set()
    stripped = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", text)
    for core in (stripped, stripped.translate(_LOOKALIKES), text.translate(_LOOKALIKES)):
        half = len(core) // 2
        cores |= {core, re.sub(r"[\W\d_]+", "", core)} | ({core[:half]} if core[:half] == core[half:] else set())
    return {core for core in cores if len(core) >= _SHORTEST_WORD}
