"""People, firms, memberships and sessions."""

from apps.accounts.models.account_deletion import AccountDeletion
from apps.accounts.models.agreement import PersonalAgreement
from apps.accounts.models.api_key import ApiKey
from apps.accounts.models.consultant_look import ConsultantLook
from apps.accounts.models.email_change import EmailChange
from apps.accounts.models.factor_reset import FactorReset
from apps.accounts.models.firm import Firm, Membership
from apps.accounts.models.firm_security import FirmSecurity
from apps.accounts.models.invitation import Invitation, TermsAcceptance
from apps.accounts.models.mailed_token import MailedToken
from apps.accounts.models.outside_identity import IdentityAttempt, LinkedIdentity
from apps.accounts.models.ownership_offer import OwnershipOffer
from apps.accounts.models.privacy import ErasureProof, FirmErasure, FirmExport
from apps.accounts.models.second_factor import Authenticator, Phone, RecoveryCode, SentCode, TrustedDevice
from apps.accounts.models.session import Session
from apps.accounts.models.target_hours import TargetHours
from apps.accounts.models.try_counter import TryCounter
from apps.accounts.models.user import User

__all__ = [
    "AccountDeletion",
    "ApiKey",
    "Authenticator",
    "ConsultantLook",
    "EmailChange",
    "ErasureProof",
    "FactorReset",
    "Firm",
    "FirmErasure",
    "FirmExport",
    "FirmSecurity",
    "IdentityAttempt",
    "Invitation",
    "LinkedIdentity",
    "MailedToken",
    "Membership",
    "OwnershipOffer",
    "PersonalAgreement",
    "Phone",
    "RecoveryCode",
    "SentCode",
    "Session",
    "TargetHours",
    "TermsAcceptance",
    "TrustedDevice",
    "TryCounter",
    "User",
]
