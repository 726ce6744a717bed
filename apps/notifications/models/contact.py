"""Where people can be reached."""

from django.conf import settings
from django.db import models


class ContactCard(models.Model):
    """Where a person can be reached, pushed by accounts and read at the moment of sending."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", primary_key=True)
    email = models.EmailField(max_length=254)
    phone = models.CharField(max_length=16, blank=True, default="", help_text="E.164, or empty")
    zone = models.CharField(max_length=64, default="UTC", help_text="IANA name")
    locale = models.CharField(max_length=20, default="en-US")
    updated_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"contact card of user #{self.pk}"
