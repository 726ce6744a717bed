"""One reading of all activities in a process of its own: `python -m bench.sync_round`, run by the bench."""

import os

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "smarterfirms.settings")
    os.environ.setdefault("LOG_LEVEL", "WARNING")
    django.setup()
    from bench.sync import print_one_round

    print_one_round(os.environ["CLIO_US_HOST"])
