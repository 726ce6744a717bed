"""The overview computed a second time, in plain Python over the records as Clio serves them.

Standard library only; shares no code with apps/. Written from kpis.md, record by record and day by day, to be compared
with what the product computes by sets.
"""

from tests.reports.recompute.overview import Books, recompute_overview
from tests.reports.recompute.viewer import Viewer

__all__ = ["Books", "Viewer", "recompute_overview"]
