"""The words people read for categories, channels and how a message went."""

from apps.notifications.contracts import Category, Channel

CATEGORY_LABELS = {
    Category.SECURITY: "Safety of your account",
    Category.TRANSACTIONAL: "Your account, your firm, your reports",
    Category.ALERT: "Alerts",
    Category.SYSTEM: "The service",
    Category.MARKETING: "News and tips",
}
CATEGORY_TEXTS = {
    Category.SECURITY: "Always sent, at any hour: they protect you.",
    Category.TRANSACTIONAL: "What happens with what you set up. What somebody waits for cannot be turned off.",
    Category.ALERT: "A figure you watch crossed its line.",
    Category.SYSTEM: "How the service itself is doing.",
    Category.MARKETING: "Only if you ask for them.",
}
CHANNEL_LABELS = {Channel.EMAIL: "Email", Channel.SMS: "Text message", Channel.IN_APP: "Inbox"}
CHOICE_LABELS = {"on": "Each by itself", "digest": "In the daily digest", "off": "None"}

# How a delivery went, as its recipient reads it.
STATUS_LABELS = {
    "pending": "On its way to be sent",
    "sending": "Being sent",
    "held": "Waiting",
    "sent": "Sent",
    "delivered": "Delivered",
    "opened": "Opened",
    "clicked": "Link followed",
    "bounced": "Came back",
    "failed": "Could not be delivered",
    "complained": "Marked as unwanted",
    "dead": "Could not be sent",
    "suppressed": "Not sent: the address takes none of our messages",
    "skipped": "Not sent",
}
GATHERED_LABEL = "Went with your daily digest"
SUPPRESSION_LABELS = {
    "hard_bounce": "No such mailbox",
    "complaint": "Marked as unwanted",
    "stop": "Asked to stop",
    "invalid": "Not an address that can be reached",
}
