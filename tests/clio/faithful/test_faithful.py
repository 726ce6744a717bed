"""A few short lives in every run of the suite; more by FAITHFUL_SEEDS, or by the command the package names.

They run in a process of their own on servers of their own: those of the suite are shared and must not be crashed.
"""

import os
import subprocess
import sys

import pytest

from tests.clio.faithful.plan import ALL, draw
from tests.clio.faithful.stage import BASE

SEEDS = os.environ.get("FAITHFUL_SEEDS", "2")
LENGTH = os.environ.get("FAITHFUL_LENGTH", "14")


@pytest.mark.own_servers
def test_mirror_is_what_clio_has_whatever_happened():
    command = [sys.executable, "-m", "tests.clio.faithful", "--seeds", SEEDS, "--length", LENGTH]

    tried = subprocess.run(command, cwd=BASE, capture_output=True, text=True, check=False)

    assert tried.returncode == 0, tried.stdout[-6000:] + tried.stderr[-3000:]
    assert tried.stdout.count("holds;") == int(SEEDS)


def test_same_seed_is_the_same_life():
    assert draw(5, length=30) == draw(5, length=30)
    assert draw(5, length=30) != draw(6, length=30)


def test_whatever_can_happen_happens():
    happened = {step.name for seed in range(1, 41) for step in draw(seed, length=36)}

    assert happened == set(ALL)
