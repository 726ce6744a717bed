"""The door of reports."""

from apps.reports.contracts import Overview
from apps.reports.services.compute_overview import compute_overview
from apps.reports.services.rebuild_ledger import RebuildOutcome, rebuild_ledger

__all__ = ["Overview", "RebuildOutcome", "compute_overview", "rebuild_ledger"]
