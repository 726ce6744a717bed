"""Names of the clio app's jobs."""

SYNC_FIRM = "clio.sync_firm"
START_DUE_SYNCS = "clio.start_due_syncs"
