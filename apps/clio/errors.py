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


class RegionClosed(ClioNotConnected):
    """The firm was connected in a region for which there is no application of ours any more."""

    code = "clio.region_closed"
    title = "This system no longer works with the firm's region of Clio"


class ClioGrantRevoked(Conflict):
    code = "clio.grant_revoked"
    title = "Clio no longer accepts this firm's connection: connect again"


class ClioAccountTaken(Conflict):
    code = "clio.account_taken"
    title = "This Clio account is connected to another firm"


class ClioAccountDiffers(Conflict):
    code = "clio.account_differs"
    title = "This firm's figures come from another Clio account"


class ClioStillConnected(Conflict):
    code = "clio.still_connected"
    title = "The firm is still connected to Clio: an administrator disconnects it first"


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


class EntityUnknown(InvalidInput):
    code = "clio.entity_unknown"
    title = "There is no such kind of records"


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
    """`status` is Clio's: 400, 404, 409, 412, 422 ..."""

    code = "clio.request_refused"
    title = "Clio refused the request"

    def __init__(self, detail: str = "", *, status: int | None = None) -> None:
        super().__init__(detail, status=status)
        self.status = status


class ClioRegionDown(VendorUnavailable):
    """Clio's region failed so often that nobody asks it for a while; `retry_after_seconds` tells how long."""

    code = "clio.region_down"
    title = "Clio is not answering at the moment"


NOT_UNICODE = "holds text that is not Unicode"


class ClioRecordUnknown(VendorRejected):
    """A record cannot be kept. `detail` says why, without its values; `record_id` which one it is, if known."""

    code = "clio.record_unknown"
    title = "Clio sent a record in a form that is not known here"

    def __init__(self, detail: str = "has no known form", *, record_id: int | str | None = None) -> None:
        super().__init__(detail)
        self.record_id = record_id


class ClioVersionRetired(VendorRejected):
    """An operator must act: the version is pinned by CLIO_API_VERSION."""

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


class WebhookGone(NotFound):
    """The address belongs to no webhook of ours, or no more: Clio is to stop calling it."""

    code = "clio.webhook_gone"
    title = "There is no such webhook anymore"


class DeauthorizationClosed(NotFound):
    code = "clio.deauthorization_closed"
    title = "There is nothing at this address"


class WebhookClosed(NotAllowed):
    code = "clio.webhook_closed"
    title = "This webhook has no secret yet"


class DeliveryNotSigned(NotAllowed):
    code = "clio.delivery_not_signed"
    title = "The signature is not valid"


class DeliveryUnreadable(InvalidInput):
    code = "clio.delivery_unreadable"
    title = "The delivery cannot be read"


class DeliveryTooLarge(InvalidInput):
    code = "clio.delivery_too_large"
    title = "The delivery is larger than any of Clio's"


class TurnTaken(Conflict):
    """Another worker is at it; `retry_after_seconds` tells when its turn ends unless renewed."""

    code = "clio.turn_taken"
    title = "Another worker is at this task"

    def __init__(self, *, retry_after_seconds: float) -> None:
        super().__init__()
        self.retry_after_seconds = retry_after_seconds


class NotReadableById(InvalidInput):
    code = "clio.not_readable_by_id"
    title = "Clio does not give single records of this kind"


class RecordNotFound(NotFound):
    """There is none, it is gone, or this person may not see it: the answer is the same."""

    code = "clio.record_not_found"
    title = "There is no such record"


class ComparisonNotFound(NotFound):
    code = "clio.comparison_not_found"
    title = "There is no such comparison, or it is no longer kept"


class SignInDeclined(Conflict):
    code = "clio.sign_in_declined"
    title = "Signing in was declined in Clio"


class ClioUserDisabled(NotAllowed):
    code = "clio.user_disabled"
    title = "This user is turned off in Clio"
