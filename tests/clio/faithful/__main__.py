"""`python -m tests.clio.faithful`: try seeds; exit code 1 if anything did not hold in one of them."""

import argparse
import os
import shutil
import signal
import sys
import tempfile
import time
import traceback
from pathlib import Path

from tests.clio.faithful.stage import Stage

LENGTH = 36


def main() -> int:
    """Try seeds one after the other on one stage; print what a failed one takes to be repeated."""
    arguments = _arguments()
    folder = Path(tempfile.mkdtemp(prefix="faithful-"))
    stage = Stage(folder)
    os.environ.update({**stage.environment(), "LOG_LEVEL": "CRITICAL"})
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that nothing that was started is left behind
    failed: list[int] = []
    begun = time.monotonic()
    try:
        _prepare(stage)
        _say(f"Ready after {time.monotonic() - begun:.0f} s.")
        for seed in arguments.seeds:
            if not _try(stage, seed, arguments):
                failed.append(seed)
                if arguments.stop:
                    break
    finally:
        stage.close()
        if arguments.keep:
            _say(f"Logs and databases are kept in {folder}.")
        else:
            _remove(folder)
    _say(f"{len(arguments.seeds)} seeds in {time.monotonic() - begun:.0f} s; failed: {failed or 'none'}.")
    return 1 if failed else 0


def _prepare(stage: Stage) -> None:
    stage.start_servers()
    import django
    from django.core.management import call_command
    from django.db import connections

    import smarterfirms.celery  # noqa: F401 - makes our Celery application the current one, as in every process

    stage.start_web()
    stage.start_worker()
    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
    connections.close_all()
    stage.revive()


def _try(stage: Stage, seed: int, arguments: argparse.Namespace) -> bool:
    from tests.clio.faithful.trial import try_seed

    begun = time.monotonic()
    say = _say if arguments.verbose else lambda _: None
    try:
        outcome = try_seed(stage, seed, length=arguments.length, without=arguments.without, say=say)
    except Exception:  # noqa: BLE001 - the other seeds are tried all the same
        _say(f"Seed {seed} broke off after {time.monotonic() - begun:.0f} s.\n{traceback.format_exc()}")
        return False
    seconds = time.monotonic() - begun
    if not outcome.faults:
        _say(f"Seed {seed} holds; {seconds:.0f} s, {len(outcome.steps)} steps, {outcome.counts}.")
        return True
    _say(f"Seed {seed} does not hold; {seconds:.0f} s. Its life:")
    for number, step in enumerate(outcome.steps):
        _say(f"  {number:>3} {step}")
    _say(f"{len(outcome.faults)} faults:")
    for fault in outcome.faults[:40]:
        _say(f"  - {fault}")
    _say(f"Again: python -m tests.clio.faithful --seed {seed} --length {arguments.length} --verbose --keep")
    return False


def _remove(folder: Path) -> None:
    """The servers' keeper, which looks every few seconds, may put its lock back while the folder is emptied."""
    for _ in range(10):
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            return
        time.sleep(0.3)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.clio.faithful", description=__doc__)
    parser.add_argument("--seeds", type=int, default=3, help="how many, from --first on")
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--seed", type=int, action="append", default=[], help="this one; repeatable")
    parser.add_argument("--length", type=int, default=LENGTH, help="steps of a life")
    parser.add_argument("--without", default="", help="numbers of steps to leave out, such as 3,8,9")
    parser.add_argument("--stop", action="store_true", help="at the first seed that does not hold")
    parser.add_argument("--keep", action="store_true", help="keep the logs and the database's files")
    parser.add_argument("--verbose", action="store_true", help="say each step as it is taken")
    arguments = parser.parse_args()
    arguments.seeds = arguments.seed or list(range(arguments.first, arguments.first + arguments.seeds))
    arguments.without = frozenset(int(part) for part in arguments.without.split(",") if part)
    return arguments


if __name__ == "__main__":
    sys.exit(main())
