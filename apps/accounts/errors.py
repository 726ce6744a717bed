"""Errors of accounts."""

from apps.core.errors import Conflict, InvalidInput, NotAllowed, NotAuthenticated, NotFound, RateLimited


class CredentialsRefused(NotAuthenticated):
    """The address and password do not belong together; the answer never tells which was wrong."""

    code = "accounts.credentials_refused"
    title = "Email address or password is not right"


class TokenRefused(NotAuthenticated):
    """The token is expired, forged, of another kind, or its session has ended."""

    code = "accounts.token_refused"
    title = "Sign in again"


class RefreshUnderWay(Conflict):
    """The token was rotated a moment ago, by a retry of the same client: use the newer one."""

    code = "accounts.refresh_under_way"
    title = "This token was just exchanged"


class EmailTaken(InvalidInput):
    """Somebody has registered with this address."""

    code = "accounts.email_taken"
    title = "This email address is already registered"


class PasswordRefused(InvalidInput):
    """The password is too short, too common or too close to the person's own name or address."""

    code = "accounts.password_refused"
    title = "Choose another password"


class SignInLocked(RateLimited):
    """Too many wrong passwords or codes; the door opens again after `retry_after_seconds`."""

    code = "accounts.sign_in_locked"
    title = "Too many tries"


class CodeRefused(InvalidInput):
    """The code is wrong, used, too old, or was tried too often; the answer does not tell which."""

    code = "accounts.code_refused"
    title = "This code is not right"


class LinkRefused(InvalidInput):
    """The mailed link is unknown, used, replaced by a newer one, or too old."""

    code = "accounts.link_refused"
    title = "This link no longer works"


class FactorMissing(Conflict):
    """The person has no such second factor, or none at all."""

    code = "accounts.factor_missing"
    title = "This second step is not set up"


class FactorExists(Conflict):
    """The person has this second factor already; it is removed before another one is set up."""

    code = "accounts.factor_exists"
    title = "This second step is set up already"


class FactorRequired(Conflict):
    """The person's firm, or their work as a consultant, demands a second factor: the last one stays."""

    code = "accounts.factor_required"
    title = "A second step is required of you"


class PhoneRefused(InvalidInput):
    """The number is not one we send codes to."""

    code = "accounts.phone_refused"
    title = "We cannot send codes to this number"


class TextsExhausted(RateLimited):
    """Too many text messages were asked for by this person, to this number or from this place."""

    code = "accounts.texts_exhausted"
    title = "Too many text messages"


class PasswordWrong(InvalidInput):
    """The signed-in person's own password was not given right."""

    code = "accounts.password_wrong"
    title = "This is not your password"


class LastOwner(Conflict):
    """A firm is never without an owner: hand it over first."""

    code = "accounts.last_owner"
    title = "The firm would be left without an owner"


class NoOwnershipOffer(NotFound):
    """Nobody offers the firm to this member, or no longer."""

    code = "accounts.no_ownership_offer"
    title = "The firm is not offered"


class OwnershipOfferOpen(Conflict):
    """The firm is offered to somebody already: take that back first."""

    code = "accounts.ownership_offer_open"
    title = "The firm is offered to somebody already"


class OwnersOnly(NotAllowed):
    """Only an owner may make, change or remove an owner, or decide over the firm as a whole."""

    code = "accounts.owners_only"
    title = "Only an owner of the firm may do this"


class MemberNotFound(NotFound):
    """The firm has no such member, or no longer."""

    code = "accounts.member_not_found"
    title = "The firm has no such member"


class AlreadyMember(Conflict):
    """The person belongs to the firm already."""

    code = "accounts.already_member"
    title = "This person belongs to the firm already"


class AlreadyInvited(Conflict):
    """An invitation to this address is open: send it again or revoke it."""

    code = "accounts.already_invited"
    title = "This address has an open invitation"


class InvitationNotFound(NotFound):
    """The firm has no such open invitation."""

    code = "accounts.invitation_not_found"
    title = "The firm has no such open invitation"


class InvitationOfAnother(NotAllowed):
    """Somebody else is signed in than the address that was invited."""

    code = "accounts.invitation_of_another"
    title = "This invitation is for another address"


class SignInToAccept(Conflict):
    """The invited address has an account: its owner accepts signed in."""

    code = "accounts.sign_in_to_accept"
    title = "Sign in to accept this invitation"


class ApiKeyNotFound(NotFound):
    """The firm has no such key, or it was revoked."""

    code = "accounts.api_key_not_found"
    title = "The firm has no such API key"


class TooManyApiKeys(Conflict):
    """The firm has as many keys as it may have at a time."""

    code = "accounts.too_many_api_keys"
    title = "The firm has too many API keys"


class TermsOutdated(InvalidInput):
    """Another version of the document is in force."""

    code = "accounts.terms_outdated"
    title = "This version is not in force"


class ErasureUnderWay(Conflict):
    """The firm is going to be erased already."""

    code = "accounts.erasure_under_way"
    title = "The firm is going to be erased already"


class NoErasure(NotFound):
    """Nobody asked to have the firm erased."""

    code = "accounts.no_erasure"
    title = "The firm is not going to be erased"


class ProofNotFound(NotFound):
    """There is no such proof of an erasure, or it is of another person's firm."""

    code = "accounts.proof_not_found"
    title = "There is no such proof"


class ExportUnderWay(Conflict):
    """A copy of everything is being made."""

    code = "accounts.export_under_way"
    title = "A copy is being made already"


class ExportNotFound(NotFound):
    """The firm has no such copy, or it is not ready, or was removed after its time."""

    code = "accounts.export_not_found"
    title = "There is no such copy"


class TooManyInvitations(Conflict):
    """The firm has as many open invitations as it may have."""

    code = "accounts.too_many_invitations"
    title = "The firm has too many open invitations"


class SameEmail(InvalidInput):
    """The new address is the one the account has already."""

    code = "accounts.same_email"
    title = "This is the email address you have"


class NoEmailChange(NotFound):
    """No change of the email address is under way."""

    code = "accounts.no_email_change"
    title = "Your email address is not about to change"


class AddressTakenMeanwhile(Conflict):
    """Between asking and confirming, the new address became another account's."""

    code = "accounts.address_taken_meanwhile"
    title = "This email address now belongs to another account"


class SoleOwner(Conflict):
    """The person is the only owner of a firm, which is never without one; `firms` names each."""

    code = "accounts.sole_owner"
    title = "You are the only owner of a firm"


class FactorResetNotFound(NotFound):
    """There is no such request, or it is over."""

    code = "accounts.factor_reset_not_found"
    title = "There is no such open request"


class NotYourOwnReset(NotAllowed):
    """A member of staff asks a colleague for their own."""

    code = "accounts.not_your_own_reset"
    title = "Somebody else decides about your own second step"


class IdentityAttemptInvalid(InvalidInput):
    """The way back from a provider was not begun here, was used, or took too long."""

    code = "accounts.identity_attempt_invalid"
    title = "This way back is no longer valid"


class IdentityOfAnotherBrowser(InvalidInput):
    """Somebody else's browser began the way that ends here."""

    code = "accounts.identity_of_another_browser"
    title = "This was begun in another browser"


class IdentityUnknown(NotFound):
    """The identity opens no account here: it was never linked, or no longer is."""

    code = "accounts.identity_unknown"
    title = "This log-in opens no account here"


class IdentityTaken(Conflict):
    """The identity opens another person's account."""

    code = "accounts.identity_taken"
    title = "This log-in opens another account here"


class IdentityNotFound(NotFound):
    """The person has no such linked log-in."""

    code = "accounts.identity_not_found"
    title = "This log-in is not linked to your account"


class LastWayIn(Conflict):
    """Without this log-in the person could not sign in any more: a password is chosen first."""

    code = "accounts.last_way_in"
    title = "This is your only way to sign in"


class NoPassword(InvalidInput):
    """The person signs in by a provider and has no password that could be asked for."""

    code = "accounts.no_password"
    title = "You have no password yet"


class TargetHoursNotFound(NotFound):
    """The firm has no such row of target hours."""

    code = "accounts.target_hours_not_found"
    title = "There is no such target"


class TargetOfMergedUser(InvalidInput):
    """The user stands under another one, whose targets hold."""

    code = "accounts.target_of_merged_user"
    title = "This user stands under another one"


class TooManyTargets(Conflict):
    """The firm has as many rows of target hours as it may have."""

    code = "accounts.too_many_targets"
    title = "The firm has too many target hours"


class TextsBlocked(Conflict):
    """The person's number gets no text messages at present: its country, its kind, or the vendor's guard forbids it."""

    code = "accounts.texts_blocked"
    title = "We cannot text your number at present"
