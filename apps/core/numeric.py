"""The column of a decimal that keeps every digit."""

from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper


class Numeric(models.DecimalField[Any, Any]):
    """`numeric` without a scale: what a vendor sent is kept digit by digit, and what is computed is rounded last."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "max_digits": 1000, "decimal_places": 500})

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        """Return what recreates the field; the bounds are the same for all."""
        name, path, args, kwargs = super().deconstruct()
        del kwargs["max_digits"], kwargs["decimal_places"]
        return name, path, list(args), kwargs

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        """Return PostgreSQL's type."""
        return "numeric"
