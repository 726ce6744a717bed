"""Webhooks an application registered. Kept like any other record; generated firms begin without."""

from apps.clio.sandbox.entities.entity import Entity, Nested

WEBHOOKS = Entity(
    name="webhooks",
    scalars=(
        "id", "etag", "url", "fields", "shared_secret", "model", "status", "events", "expires_at", "created_at",
        "updated_at",
    ),
    nested={"user": Nested(target="users")},
)  # fmt: skip
