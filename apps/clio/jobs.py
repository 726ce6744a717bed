"""Names of the clio app's jobs."""

SYNC_FIRM = "clio.sync_firm"
GIVE_GRANT_BACK = "clio.give_grant_back"
START_DUE_SYNCS = "clio.start_due_syncs"
