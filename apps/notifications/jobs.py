"""Job names of notifications."""

APPLY_EVENTS = "notifications.apply_events"
DELIVER = "notifications.deliver"
SWEEP_DELIVERIES = "notifications.sweep_deliveries"
SWEEP_EVENTS = "notifications.sweep_events"
SEND_DIGEST = "notifications.send_digest"
SWEEP_DIGESTS = "notifications.sweep_digests"
