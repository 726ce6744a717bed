"""How often somebody tried something that may not be tried without end."""

from django.db import models
from django.db.models.functions import Now


class TryCounter(models.Model):
    """Tries under one key (a person's password, a phone number, an address on the network), known by its keyed digest.

    Counted here and not in Redis: an emptied or absent cache must not open the door.
    """

    digest = models.CharField(max_length=64, unique=True)
    tries = models.PositiveIntegerField(default=0)
    last_tried_at = models.DateTimeField(db_default=Now())
    locked_until = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["last_tried_at"], name="accounts_trycounter_age")]

    def __str__(self) -> str:
        return f"{self.tries} tries #{self.pk}"
