"""Read a list's pages ahead of the writer, in a thread of its own: while one batch is written, the next comes."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from queue import Empty, Full, Queue
from threading import Event, Thread

from apps.clio.mirror import Entity
from apps.clio.vendors.clio_api import ClioApi, Page

_PAGES_AHEAD = 40
_LOOK_UP_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Place:
    """Where reading goes on: the entity's variant and the address of its next page ("" is the first)."""

    variant: int = 0
    cursor: str = ""


@dataclass(frozen=True, slots=True)
class ReadPage:
    """A page, and the place after it; None after the last page of the last variant. `opens` its variant or not."""

    page: Page
    opens: bool
    following: Place | None


class PagesAhead:
    """Pages in their order. `next` gives one, None when none came in time; `ended` tells that no more will come."""

    def __init__(self, api: ClioApi, entity: Entity, start: Place, updated_since: str) -> None:
        self.ended = False
        self.failure: Exception | None = None
        self._api, self._entity, self._updated_since = api, entity, updated_since
        self._start = start
        self._queue: Queue[ReadPage | Exception | None] = Queue(maxsize=_PAGES_AHEAD)
        self._stop = Event()
        self._thread = Thread(target=self._read, name=f"read {entity.name}", daemon=True)
        self._thread.start()

    def next(self, *, timeout: float) -> ReadPage | None:
        """Return the next page, or None after `timeout` seconds or at the end. What ended it early is in `failure`."""
        if self.ended:
            return None
        try:
            item = self._queue.get(timeout=max(timeout, 0.001))
        except Empty:
            return None
        if isinstance(item, ReadPage):
            return item
        self.ended, self.failure = True, item
        return None

    def stop(self) -> None:
        """Ask for no further page; those already read still come."""
        self._stop.set()

    def close(self) -> None:
        """Stop and wait for the thread; pages not taken are dropped."""
        self.stop()
        while self._thread.is_alive():
            try:
                self._queue.get(timeout=0.05)
            except Empty:
                continue
        self._thread.join()

    def _read(self) -> None:
        try:
            for read in self._pages():
                self._put(read)
                if self._stop.is_set():
                    break
            self._put(None)
        except Exception as error:  # noqa: BLE001 - handed to the writer, which raises or answers it
            self._put(error)

    def _pages(self) -> Iterator[ReadPage]:
        place: Place | None = self._start
        while place is not None:
            parameters = self._entity.parameters(place.variant, self._updated_since)
            url = place.cursor or self._api.list_url(self._entity.name, parameters)
            page = self._api.get_page(url)
            read = ReadPage(page, not place.cursor, self._following(place, page))
            yield read
            place = read.following

    def _following(self, place: Place, page: Page) -> Place | None:
        if page.next_url:
            return replace(place, cursor=page.next_url)
        if place.variant + 1 < len(self._entity.variants):
            return Place(place.variant + 1)
        return None

    def _put(self, item: ReadPage | Exception | None) -> None:
        while True:
            try:
                self._queue.put(item, timeout=_LOOK_UP_SECONDS)
            except Full:
                continue
            return


@contextmanager
def reading_ahead(api: ClioApi, entity: Entity, start: Place, *, updated_since: str = "") -> Iterator[PagesAhead]:
    """Read pages from a place on until the block ends."""
    pages = PagesAhead(api, entity, start, updated_since)
    try:
        yield pages
    finally:
        pages.close()
