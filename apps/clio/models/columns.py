"""The few kinds of column a mirrored record has. Clio promises no field but the id: each may be NULL."""

from datetime import date, datetime
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Left, Lower

from apps.core.numeric import Numeric


def identifier() -> "models.BigIntegerField[int | None, int | None]":
    """Return a column for a 64-bit id of Clio's, or any whole number."""
    return models.BigIntegerField(null=True)


def identifiers() -> "ArrayField[list[int] | None, list[int] | None]":
    """Return a column for the ids of a nested collection, in Clio's order."""
    return ArrayField(models.BigIntegerField(), null=True)


def text() -> "models.TextField[str | None, str | None]":
    """Return a column for text; Clio's null and its empty text stay apart."""
    return models.TextField(null=True)


def flag() -> "models.BooleanField[bool | None, bool | None]":
    """Return a column for yes, no or not told."""
    return models.BooleanField(null=True)


def amount() -> "Numeric":
    """Return a column for money, hours, rates and other decimals."""
    return Numeric(null=True)


def day() -> "models.DateField[date | None, date | None]":
    """Return a column for a plain date in the firm's calendar."""
    return models.DateField(null=True)


def instant() -> "models.DateTimeField[datetime | None, datetime | None]":
    """Return a column for a point in time."""
    return models.DateTimeField(null=True)


def document() -> "models.JSONField[Any, Any]":
    """Return a column for a nested collection, as Clio sent it."""
    return models.JSONField(null=True)


def sought(column: str) -> "models.GeneratedField":
    """Return a column the database keeps: another's first letters in lower case, by which a beginning is found.

    Behind the tenant wall an index serves plain comparisons only, not LIKE or lower(); and it takes no long text.
    """
    return models.GeneratedField(
        expression=Lower(Left(column, 200)),
        output_field=models.TextField(null=True, db_collation="C"),
        db_persist=True,
    )
