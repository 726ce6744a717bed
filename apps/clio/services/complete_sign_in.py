"""Take somebody back from Clio: learn who they are, and leave the rest to accounts."""

from datetime import datetime

from apps.accounts import interface as accounts
from apps.clio.errors import ClioRequestRefused, SignInDeclined
from apps.clio.services.our_applications import application_in
from apps.clio.services.start_sign_in import PROVIDER
from apps.clio.vendors import clio_sign_in


def complete_sign_in(
    *, state: str, browser_key: str, code: str, error: str, origin: accounts.Origin, now: datetime
) -> accounts.HandOver:
    """Return where the person goes on, and with what. Coming back to the right browser uses the state up.

    The token serves one question and is forgotten. It is not given back to Clio: nothing says that this would leave the
    grant alone by which the same person connected their firm. Raises IdentityAttemptInvalid, IdentityOfAnotherBrowser,
    SignInDeclined, ClioGrantRevoked, ClioUserDisabled, RegionNotOffered, VendorRejected, VendorUnavailable.
    """
    attempt = accounts.take_identity_attempt(provider=PROVIDER, state=state, browser_key=browser_key, now=now)
    if error == "access_denied" or not (error or code):
        raise SignInDeclined
    if error:
        raise ClioRequestRefused("Clio refused the request to sign in.")
    application = application_in(attempt.region)
    token = clio_sign_in.exchange_code(application, code=code, code_verifier=attempt.code_verifier, nonce=attempt.nonce)
    person = clio_sign_in.who_am_i(application, access_token=token)
    identity = accounts.OutsideIdentity(
        provider=PROVIDER,
        region=attempt.region,
        subject=str(person.user_id),
        email=person.email,
        name=person.name,
        account_name=person.account_name,
    )
    return accounts.sign_in_with_identity(attempt=attempt, identity=identity, origin=origin, now=now)
