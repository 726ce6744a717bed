"""What every table of the ledger has, and the few kinds of column they are made of."""

from django.db import models

from apps.core.numeric import Numeric as Numeric  # migrations know it by its place here


class Derived(models.Model):
    """A row computed from the mirror. Only the ledger's own SQL writes these tables.

    The key to the firm is not checked row by row: a rebuild writes millions of rows, each of which the tenant wall
    already ties to the transaction's firm.
    """

    firm = models.ForeignKey(
        "accounts.Firm", on_delete=models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{type(self).__name__} {self.pk}"


def clio_id() -> "models.BigIntegerField[int | None, int | None]":
    """Return a column for the id of a mirrored record; NULL is R7's "(none)"."""
    return models.BigIntegerField(null=True)


def minor() -> "models.BigIntegerField[int, int]":
    """Return a column for money in minor units of the row's currency."""
    return models.BigIntegerField(default=0)


def currency() -> "models.TextField[str, str]":
    """Return a column for an ISO 4217 code, or whatever Clio has in its place."""
    return models.TextField()
