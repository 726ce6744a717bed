"""What a firm demands of its people when they sign in."""

from django.db import models

from apps.accounts.models.firm import Firm


class FirmSecurity(models.Model):
    """One row per firm that chose; a firm without one demands nothing and trusts no device."""

    firm = models.OneToOneField(Firm, primary_key=True, on_delete=models.CASCADE, related_name="+")
    demands_second_factor = models.BooleanField(default=False)
    trusts_devices = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"security of firm #{self.pk}"
