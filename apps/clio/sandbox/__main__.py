"""`python -m apps.clio.sandbox`: the sandbox without Django."""

import sys
from argparse import ArgumentParser

from apps.clio.sandbox.launch import CannotStart, run
from apps.clio.sandbox.options import add_options


def main() -> int:
    """Run the sandbox; return the exit code."""
    parser = ArgumentParser(prog="python -m apps.clio.sandbox", description="A local Clio over an invented law firm.")
    add_options(parser)
    try:
        run(parser.parse_args(), lambda line: print(line, flush=True))  # noqa: T201 -- a command's own output
    except CannotStart as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
