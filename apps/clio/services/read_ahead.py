"""Read lists ahead of the one who writes: each list in a thread of its own, all into one queue with a bound."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from queue import Empty, Full, Queue
from threading import Event, Thread

from apps.clio.contracts import Grant, RecordKey
from apps.clio.errors import NOT_UNICODE, ClioRecordUnknown
from apps.clio.mirror import Entity
from apps.clio.mirror.rows import ODD, find_odd_record, lines_by_id
from apps.clio.vendors.clio_api import ClioApi, Page

_PAGES_AHEAD = 40
_LOOK_UP_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class ReadPage:
    """A page as lines for the mirror, and the address after it ("": it was the last). `opens` its list or not.

    asked_at: as in `Page`.
    """

    chain_id: int
    lines: dict[RecordKey, str]
    opens: bool
    total: int | None
    next_url: str
    asked_at: float
    asked_seconds: float
    parsed_seconds: float
    allowed_per_minute: int | None


@dataclass(frozen=True, slots=True)
class ListEnded:
    """Of this list nothing more comes: it is at its end, was told to stop, or met what `failure` says."""

    chain_id: int
    failure: Exception | None = None


class ListReaders:
    """Several lists being read. `busy` counts those of which more may come."""

    def __init__(self, grant: Grant) -> None:
        self.busy = 0
        self._grant = grant
        self._queue: Queue[ReadPage | ListEnded] = Queue(maxsize=_PAGES_AHEAD)
        self._stop = Event()
        self._stopped: set[int] = set()
        self._threads: list[Thread] = []
        self._idle: list[ClioApi] = []

    def start(self, chain_id: int, entity: Entity, *, parameters: dict[str, str | list[str]], cursor: str) -> None:
        """Begin to read a list, from the page a cursor names or from the start.

        A cursor that leads to another host than the region's was kept under another configuration: it is not used.
        """
        api = self._idle.pop() if self._idle else ClioApi(self._grant)
        opens = not (cursor and api.is_ours(cursor))
        url = api.list_url(entity.endpoint, parameters) if opens else cursor
        thread = Thread(
            target=self._read, args=(api, chain_id, entity, url, opens), name=f"read {entity.name}", daemon=True
        )
        self.busy += 1
        self._threads.append(thread)
        thread.start()

    def next(self, *, timeout: float) -> ReadPage | ListEnded | None:
        """Return what came next, or None after `timeout` seconds."""
        try:
            item = self._queue.get(timeout=max(timeout, 0.001))
        except Empty:
            return None
        self.busy -= isinstance(item, ListEnded)
        return item

    def stop(self, chain_id: int | None = None) -> None:
        """Ask for no further page of a list, or of any; those already read still come."""
        if chain_id is None:
            self._stop.set()
        else:
            self._stopped.add(chain_id)

    def close(self) -> None:
        """Stop and wait for the threads; what was not taken is dropped."""
        self.stop()
        while any(thread.is_alive() for thread in self._threads):
            self.next(timeout=0.05)
        for api in self._idle:
            api.close()

    def _read(self, api: ClioApi, chain_id: int, entity: Entity, url: str, opens: bool) -> None:
        failure: Exception | None = None
        try:
            for read in _pages(api, chain_id, entity, url, opens):
                self._put(read)
                if self._stop.is_set() or chain_id in self._stopped:
                    break
        except Exception as error:  # noqa: BLE001 - handed to the writer, which raises or answers it
            failure = error
        self._idle.append(api)
        self._put(ListEnded(chain_id, failure))

    def _put(self, item: ReadPage | ListEnded) -> None:
        while True:
            try:
                self._queue.put(item, timeout=_LOOK_UP_SECONDS)
            except Full:
                continue
            return


def _pages(api: ClioApi, chain_id: int, entity: Entity, url: str, opens: bool) -> Iterator[ReadPage]:
    while url:
        asked = api.network_seconds
        page = api.get_page(url)
        begun = time.perf_counter()
        lines = _convert(entity, page)
        url = page.next_url or ""
        asked_seconds, parsed_seconds = api.network_seconds - asked, time.perf_counter() - begun
        seconds, allowed = (asked_seconds, parsed_seconds), api.allowed_per_minute
        yield ReadPage(chain_id, lines, opens, page.total, url, page.asked_at, *seconds, allowed)
        opens = False


def _convert(entity: Entity, page: Page) -> dict[RecordKey, str]:
    try:
        return lines_by_id(entity, page.records)
    except ODD as error:
        odd = find_odd_record(entity, page.records)
        words = (NOT_UNICODE,) if isinstance(error, UnicodeDecodeError) else ()
        raise ClioRecordUnknown(*words, record_id=odd) from error


@contextmanager
def reading_ahead(grant: Grant) -> Iterator[ListReaders]:
    """Read lists until the block ends."""
    readers = ListReaders(grant)
    try:
        yield readers
    finally:
        readers.close()
