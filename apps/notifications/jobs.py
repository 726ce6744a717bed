"""Job names of notifications."""

DELIVER = "notifications.deliver"
SWEEP_DELIVERIES = "notifications.sweep_deliveries"
