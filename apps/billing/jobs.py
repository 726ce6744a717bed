"""Job names of billing."""

START_TRIAL = "billing.start_trial"
