"""A firm offered to another member."""

from django.db import models

from apps.accounts.models.firm import Firm, Membership


class OwnershipOffer(models.Model):
    """The owner's place, offered by one member to another; open until it is answered or too old. One at a time."""

    class Answer(models.TextChoices):
        ACCEPTED = "accepted"
        DECLINED = "declined"
        REVOKED = "revoked"
        EXPIRED = "expired"

    firm = models.ForeignKey(Firm, on_delete=models.CASCADE, related_name="+")
    giver = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="+")
    taker = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="+")
    offered_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    answer = models.CharField(max_length=10, choices=Answer, blank=True, default="")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["firm"], condition=models.Q(answer=""), name="accounts_ownershipoffer_one_open"
            ),
            models.CheckConstraint(
                condition=models.Q(answer="", answered_at__isnull=True)
                | (~models.Q(answer="") & models.Q(answered_at__isnull=False)),
                name="accounts_ownershipoffer_answered_when",
            ),
            models.CheckConstraint(
                condition=~models.Q(giver=models.F("taker")), name="accounts_ownershipoffer_not_to_oneself"
            ),
        ]

    def __str__(self) -> str:
        return f"ownership offer #{self.pk}"
