"""Names of this app's jobs."""

REBUILD_LEDGER = "reports.rebuild_ledger"
NUDGE_STALE_LEDGERS = "reports.nudge_stale_ledgers"
CHECK_LEDGERS = "reports.check_ledgers"
CHECK_LEDGER = "reports.check_ledger"
