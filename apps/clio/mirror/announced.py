"""The entities whose changes Clio announces, by its word for them."""

from apps.clio.mirror import ENTITIES

ANNOUNCED = {entity.webhook_model: entity for entity in ENTITIES if entity.webhook_model}
