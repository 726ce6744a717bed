"""Ids that leave us, made by the database."""

from django.db import models


class UuidV7(models.Func):
    """PostgreSQL's own time-ordered UUID."""

    function = "uuidv7"
    template = "%(function)s()"
    output_field = models.UUIDField()
