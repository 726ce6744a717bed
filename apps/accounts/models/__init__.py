"""People, firms, memberships and sessions."""

from apps.accounts.models.firm import Firm, Membership
from apps.accounts.models.session import Session
from apps.accounts.models.user import User

__all__ = ["Firm", "Membership", "Session", "User"]
