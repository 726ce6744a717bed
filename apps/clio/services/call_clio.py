"""Call Clio for a firm outside a sync, with a token that is refreshed where it is refused."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TypeVar

from apps.clio.contracts import Grant, Purpose
from apps.clio.errors import ClioGrantRevoked, ClioTokenRefused
from apps.clio.mirror import Entity
from apps.clio.queries.optional_fields import list_taken_fields
from apps.clio.rules.webhooks import MOST_IDS
from apps.clio.services.access_token import get_grant, note_revoked, refresh_grant
from apps.clio.vendors.clio_api import ClioApi, Page

Answer = TypeVar("Answer")


class ClioCaller:
    """Calls for one firm in one thread. ids_at_once: how many ids Clio took in one question so far."""

    def __init__(self, firm_id: int, purpose: Purpose) -> None:
        self.firm_id = firm_id
        self.ids_at_once = MOST_IDS
        self._purpose = purpose
        self._use(get_grant(firm_id=firm_id))

    @property
    def grant(self) -> Grant:
        """Return what the last call was made with."""
        return self._api.grant

    def __call__(self, ask: Callable[[ClioApi], Answer]) -> Answer:
        """Ask Clio, again with a fresh token if it refuses the one in hand. Raises ClioGrantRevoked beside Clio's."""
        try:
            return ask(self._api)
        except ClioTokenRefused:
            stale = self._api.grant.version
            self.close()
            self._use(refresh_grant(firm_id=self.firm_id, stale=stale))
        try:
            return ask(self._api)
        except ClioTokenRefused:
            note_revoked(firm_id=self.firm_id, version=self._api.grant.version)
            raise ClioGrantRevoked from None

    def close(self) -> None:
        """Close the kept connections."""
        self._api.close()

    def _use(self, grant: Grant) -> None:
        self._api = ClioApi(grant, self._purpose)


@contextmanager
def calling_clio(*, firm_id: int, purpose: Purpose = Purpose.REREAD) -> Iterator[ClioCaller]:
    """Give what calls Clio for the firm until the block ends.

    Raises ClioNotConnected, ClioGrantRevoked, VendorUnavailable.
    """
    caller = ClioCaller(firm_id, purpose)
    try:
        yield caller
    finally:
        caller.close()


def read_list(
    caller: ClioCaller, entity: Entity, conditions: Mapping[str, str | list[str]], *, variant: int = 0
) -> Iterator[Page]:
    """Read a list under conditions of the caller's, page by page."""
    taken = list_taken_fields(firm_id=caller.firm_id, entity=entity.name, asked=entity.optional_fields)
    parameters = {**entity.parameters(variant, taken=taken), **conditions}
    page = caller(lambda api: api.get_page(api.list_url(entity.endpoint, parameters)))
    yield page
    while page.next_url:
        url = page.next_url
        page = caller(lambda api, url=url: api.get_page(url))  # type: ignore[misc]  # bound now, not when it is called
        yield page
