"""Expected errors of the clio app, in the words a support person needs."""

from math import ceil

from apps.core.errors import (
    Conflict,
    InvalidInput,
    LimitReached,
    NotAllowed,
    NotFound,
    RateLimited,
    VendorRejected,
    VendorUnavailable,
)


class ClioNotConnected(NotFound):
    code = "clio.not_connected"
    title = "This firm is not connected to Clio"


class ClioGrantRevoked(Conflict):
    code = "clio.grant_revoked"
    title = "Clio no longer accepts this firm's connection: connect again"


class ClioAccountTaken(Conflict):
    code = "clio.account_taken"
    title = "This Clio account is connected to another firm"


class ClioAccountDiffers(Conflict):
    code = "clio.account_differs"
    title = "This firm's figures come from another Clio account"


class ConnectionDeclined(Conflict):
    code = "clio.connection_declined"
    title = "The connection was declined in Clio"


class ConnectAttemptInvalid(InvalidInput):
    code = "clio.connect_attempt_invalid"
    title = "This way back from Clio is no longer valid"


class NotAdministratorAnymore(NotAllowed):
    code = "clio.not_administrator_anymore"
    title = "Who began the connection is no longer an administrator of the firm"


class AnotherBrowser(InvalidInput):
    code = "clio.another_browser"
    title = "The connection was begun in another browser"


class RegionNotOffered(InvalidInput):
    code = "clio.region_not_offered"
    title = "This Clio region is not offered"


class SyncIsRunning(Conflict):
    code = "clio.sync_running"
    title = "A sync of this firm is under way"


class SyncNotInPlan(LimitReached):
    code = "clio.sync_not_in_plan"
    title = "The firm's plan does not allow a sync at the moment"


class RunHeldElsewhere(Conflict):
    """Another worker is working on the run; `retry_after_seconds` tells when its hold ends unless renewed."""

    code = "clio.sync_held"
    title = "Another worker is working on this sync"

    def __init__(self, *, retry_after_seconds: float) -> None:
        super().__init__()
        self.retry_after_seconds = retry_after_seconds


class RunLost(RuntimeError):
    """The run was taken over; whoever meets this must stop and write nothing more."""


class SyncBroken(VendorUnavailable):
    code = "clio.sync_broken"
    title = "An error of ours stopped the sync; it is tried again"


class ClioTokenRefused(VendorRejected):
    code = "clio.token_refused"
    title = "Clio did not accept the access token"


class ClioForbids(VendorRejected):
    code = "clio.forbidden"
    title = "The connected Clio user may not read this"


class ClioRequestRefused(VendorRejected):
    code = "clio.request_refused"
    title = "Clio refused the request"


NOT_UNICODE = "holds text that is not Unicode"


class ClioRecordUnknown(VendorRejected):
    """A record cannot be kept. `detail` says why, without its values; `record_id` which one it is, if known."""

    code = "clio.record_unknown"
    title = "Clio sent a record in a form that is not known here"

    def __init__(self, detail: str = "has no known form", *, record_id: int | None = None) -> None:
        super().__init__(detail)
        self.record_id = record_id


class ClioVersionRetired(VendorRejected):
    code = "clio.version_retired"
    title = "Clio no longer serves this version of its API"


class ForeignAddress(VendorRejected):
    code = "clio.foreign_address"
    title = "Clio's answer pointed to another host"


class ClioBudgetSpent(RateLimited):
    """`wait_seconds`, to the fraction, is when the window ends."""

    code = "clio.budget_spent"
    title = "This minute's requests to Clio are used up"

    def __init__(self, *, wait_seconds: float) -> None:
        super().__init__(retry_after_seconds=ceil(wait_seconds))
        self.wait_seconds = wait_seconds


class SignInDeclined(Conflict):
    code = "clio.sign_in_declined"
    title = "Signing in was declined in Clio"


class ClioUserDisabled(NotAllowed):
    code = "clio.user_disabled"
    title = "This user is turned off in Clio"
