#!/usr/bin/env python
"""The operators' entrance: `manage.py help` lists the commands."""

import os
import sys


def main() -> None:
    """Run one management command; a fault an operator can mend is one sentence, not a traceback."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "smarterfirms.settings")
    os.environ.setdefault("LOG_FORMAT", "lines" if sys.stderr.isatty() else "json")

    from django.core.management import execute_from_command_line

    import smarterfirms.celery  # noqa: F401 - makes our Celery application the current one
    from smarterfirms.embedded.places import EmbeddedServerFailed

    try:
        execute_from_command_line(sys.argv)
    except EmbeddedServerFailed as failure:
        sys.exit(str(failure))


if __name__ == "__main__":
    main()
