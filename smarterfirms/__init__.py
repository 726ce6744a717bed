"""Wiring only: settings, addresses, Celery, the schedule and what starts the whole."""
