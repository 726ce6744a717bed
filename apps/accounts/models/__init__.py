"""People, firms, memberships and sessions."""

from apps.accounts.models.api_key import ApiKey
from apps.accounts.models.firm import Firm, Membership
from apps.accounts.models.firm_security import FirmSecurity
from apps.accounts.models.invitation import Invitation, TermsAcceptance
from apps.accounts.models.mailed_token import MailedToken
from apps.accounts.models.privacy import ErasureProof, FirmErasure, FirmExport
from apps.accounts.models.second_factor import Authenticator, Phone, RecoveryCode, SentCode, TrustedDevice
from apps.accounts.models.session import Session
from apps.accounts.models.try_counter import TryCounter
from apps.accounts.models.user import User

__all__ = [
    "ApiKey",
    "Authenticator",
    "ErasureProof",
    "Firm",
    "FirmErasure",
    "FirmExport",
    "FirmSecurity",
    "Invitation",
    "MailedToken",
    "Membership",
    "Phone",
    "RecoveryCode",
    "SentCode",
    "Session",
    "TermsAcceptance",
    "TrustedDevice",
    "TryCounter",
    "User",
]
