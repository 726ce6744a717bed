"""Send somebody to Clio to prove who they are."""

from dataclasses import dataclass, field
from datetime import datetime

from apps.accounts import interface as accounts
from apps.clio.services.our_applications import application_in
from apps.clio.vendors import clio_sign_in

PROVIDER = "clio"


@dataclass(frozen=True, slots=True)
class SignInStart:
    """Where to send the browser, and the secret it must bring back within ten minutes."""

    authorize_url: str
    expires_at: datetime
    browser_key: str = field(repr=False)


def start_sign_in(
    *, region: str, purpose: accounts.IdentityPurpose, back_to: str, permit: str, now: datetime
) -> SignInStart:
    """Begin an attempt and return Clio's address for it. Raises RegionNotOffered; StepUpNeeded for a link."""
    application = application_in(region)
    started = accounts.begin_identity_attempt(
        provider=PROVIDER, region=region, purpose=purpose, back_to=back_to, permit=permit, now=now
    )
    address = clio_sign_in.authorize_url(
        application, state=started.state, nonce=started.nonce, code_verifier=started.code_verifier
    )
    return SignInStart(address, started.expires_at, started.browser_key)
