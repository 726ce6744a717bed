"""Readings of a small firm and of a large one in a process of their own, run by the bench."""

import os
import sys

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "smarterfirms.settings")
    os.environ.setdefault("LOG_LEVEL", "WARNING")
    django.setup()
    from bench.sync import print_growth

    print_growth(*sys.argv[1:3])
