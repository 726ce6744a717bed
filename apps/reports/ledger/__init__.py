"""Builds the derived ledger (kpis.md section 2) from clio's published views, set by set, inside one transaction.

Every step fills a temporary table `part_*` that the next one reads. A part is the whole firm or a set of bills and
activities: a bill with its lines and allocations is the unit, an activity with the bills it is on.
"""
